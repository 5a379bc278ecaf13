#include "frame.h"
#include <string.h>

static const unsigned char MASK[8] = {0x37, 0xfa, 0x21, 0x3d, 0x37, 0xfa, 0x21, 0x3d};

size_t write_frame(char *into, const char *payload, size_t length, int opcode) {
    unsigned char *to = (unsigned char *)into;
    *to++ = (unsigned char)(0x80 | opcode);
    if (length < 126) {
        *to++ = (unsigned char)(0x80 | length);
    } else {
        *to++ = 0x80 | 126;
        *to++ = (unsigned char)(length >> 8);
        *to++ = (unsigned char)length;
    }
    memcpy(to, MASK, 4);
    to += 4;
    uint64_t mask, word;
    memcpy(&mask, MASK, 8);
    size_t i = 0;
    for (; i + 8 <= length; i += 8) {
        memcpy(&word, payload + i, 8);
        word ^= mask;
        memcpy(to + i, &word, 8);
    }
    for (; i < length; i++)
        to[i] = (unsigned char)payload[i] ^ MASK[i & 3];
    return (size_t)(to - (unsigned char *)into) + length;
}
