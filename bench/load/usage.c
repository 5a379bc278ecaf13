// Processor time, ours and the server's.
#include "load.h"
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

// User and system time of a process with all its threads, from /proc/PID/stat (proc(5)).
static double process_seconds(int pid) {
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

double server_seconds(void) {
    double sum = 0;
    for (size_t i = 0; i < given.pid_count; i++)
        sum += process_seconds(given.pids[i]);
    return sum;
}

double own_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}
