// What every part needs: the time, an end with a sentence, and bytes that grow.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    char *bytes;
    size_t used, capacity;
} buffer;

uint32_t now(void); // microseconds since the start, in 32 bits (71 minutes); never 0
uint64_t monotonic(void);
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
void keep(buffer *b, const char *bytes, size_t length);
