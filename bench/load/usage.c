#include "usage.h"
#include "foundation.h"
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

// User and system time from /proc/PID/stat (proc(5)).
double server_seconds(int pid) {
    char name[64], text[1024];
    snprintf(name, sizeof name, "/proc/%d/stat", pid);
    FILE *file = fopen(name, "r");
    if (!file)
        fail("The server (process %d) has ended.", pid);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;
    unsigned long user, system;
    char *fields = strrchr(text, ')'); // a process may have spaces in its name
    if (!fields || sscanf(fields + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
        fail("%s cannot be read.", name);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

// User, system and stolen time from /proc/stat (proc(5)).
double core_seconds(int core) {
    char line[512], wanted[16];
    int length = snprintf(wanted, sizeof wanted, "cpu%d ", core);
    unsigned long user = 0, nice = 0, system = 0, stolen = 0;
    FILE *file = fopen("/proc/stat", "r");
    while (file && fgets(line, sizeof line, file))
        if (!strncmp(line, wanted, (size_t)length))
            sscanf(line + length, "%lu %lu %lu %*u %*u %*u %*u %lu", &user, &nice, &system, &stolen);
    if (file)
        fclose(file);
    return (double)(user + nice + system + stolen) / (double)sysconf(_SC_CLK_TCK);
}

double own_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}
