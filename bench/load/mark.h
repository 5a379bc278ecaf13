// Every message carries sender, number and time in its text, so that every single delivery is checked and timed.
#pragma once
#include "foundation.h"
#include <string.h>

#define MARK 26 // bytes of "~~" and three words of eight hexadecimal digits: sender, number, time

typedef struct {
    uint32_t sender, number, posted;
} mark;

void write_mark(char *into, mark m);

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "This generator reads eight digits at a time, first digit in the lowest byte."
#endif

static inline uint32_t read_word(const char *digits) {
    uint64_t word;
    memcpy(&word, digits, sizeof word);
    word = (word & 0x0f0f0f0f0f0f0f0f) + 9 * (word >> 6 & 0x0101010101010101); // each byte a digit's value
    word = (word << 4 | word >> 8) & 0x00ff00ff00ff00ff;                      // pairs
    word = (word << 8 | word >> 16) & 0x0000ffff0000ffff;                     // fours
    return (uint32_t)(word << 16 | word >> 32);
}

static inline mark read_mark(const char *from) {
    return (mark){read_word(from + 2), read_word(from + 10), read_word(from + 18)};
}
