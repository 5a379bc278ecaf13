#include "foundation.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t monotonic(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

uint32_t now(void) {
    static uint64_t start;
    uint64_t t = monotonic();
    if (!start)
        start = t - 1; // 0 is no time
    return (uint32_t)(t - start);
}

void fail(const char *format, ...) {
    va_list values;
    va_start(values, format);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    exit(1);
}

void keep(buffer *b, const char *bytes, size_t length) {
    if (b->used + length > b->capacity) {
        b->capacity = 2 * (b->used + length);
        b->bytes = realloc(b->bytes, b->capacity);
        if (!b->bytes)
            fail("Out of memory.");
    }
    memcpy(b->bytes + b->used, bytes, length);
    b->used += length;
}
