#include "mark.h"

static void write_word(char *into, uint32_t word) {
    for (int i = 7; i >= 0; i--, word >>= 4)
        into[i] = "0123456789abcdef"[word & 15];
}

void write_mark(char *into, mark m) {
    into[0] = into[1] = '~';
    write_word(into + 2, m.sender);
    write_word(into + 10, m.number);
    write_word(into + 18, m.posted);
}
