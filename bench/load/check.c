// Every delivery is looked at here: was it meant for this person, is it the sender's next, how long did it take?
#include "load.h"
#include <stdlib.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "This generator reads eight digits at a time, first digit in the lowest byte."
#endif

deliveries seen;
bool counting;
static uint32_t timed_from;

// --- the mark in a text ---

static void write_word(char *into, uint32_t word) {
    for (int i = 7; i >= 0; i--, word >>= 4)
        into[i] = "0123456789abcdef"[word & 15];
}

static inline uint32_t read_word(const char *digits) {
    uint64_t word;
    memcpy(&word, digits, sizeof word);
    word = (word & 0x0f0f0f0f0f0f0f0f) + 9 * (word >> 6 & 0x0101010101010101); // each byte a digit's value
    word = (word << 4 | word >> 8) & 0x00ff00ff00ff00ff;                      // pairs
    word = (word << 8 | word >> 16) & 0x0000ffff0000ffff;                     // fours
    return (uint32_t)(word << 16 | word >> 32);
}

void write_mark(char *into, uint32_t sender, uint32_t number, uint32_t at) {
    into[0] = into[1] = '~';
    write_word(into + 2, sender);
    write_word(into + 10, number);
    write_word(into + 18, at);
}

// Where the mark is in a message, NULL for none; nearly always it is where the last one was.
const char *find_mark(const char *message, size_t length) {
    static size_t usual;
    if (usual + MARK <= length && message[usual] == '~' && message[usual + 1] == '~')
        return message + usual;
    const char *found = memmem(message, length, "~~", 2);
    if (!found || found + MARK > message + length)
        return NULL;
    usual = (size_t)(found - message);
    return found;
}

// --- numbers that were passed over, until they come after all ---

typedef struct {
    uint32_t receiver, sender, from, to;
} hole;
static hole *holes;
static size_t hole_count, hole_capacity;

static void remember_hole(uint32_t receiver, uint32_t sender, uint32_t from, uint32_t to) {
    if (hole_count == hole_capacity) {
        hole_capacity = hole_capacity ? 2 * hole_capacity : 1024;
        holes = realloc(holes, hole_capacity * sizeof *holes);
        if (!holes)
            fail("Out of memory.");
    }
    holes[hole_count++] = (hole){receiver, sender, from, to};
}

// True where the number had been passed over, so that it comes late; false where it came before.
static bool fill_hole(uint32_t receiver, uint32_t sender, uint32_t number) {
    for (size_t i = 0; i < hole_count; i++) {
        hole *h = &holes[i];
        if (h->receiver != receiver || h->sender != sender || number < h->from || number > h->to)
            continue;
        hole after = {receiver, sender, number + 1, h->to};
        h->to = number - 1;
        if (h->to < h->from)
            holes[i] = holes[--hole_count];
        if (after.from <= after.to)
            remember_hole(after.receiver, after.sender, after.from, after.to);
        return true;
    }
    return false;
}

// --- how long it took: 32 buckets per power of two, so within 3 % ---

enum { SHARES = 32, BUCKETS = 28 * SHARES };
static uint64_t histogram[BUCKETS];

static uint32_t bucket_of(uint32_t micros) {
    if (micros < SHARES)
        return micros;
    uint32_t power = 31 - (uint32_t)__builtin_clz(micros); // 5 or more
    return (power - 4) * SHARES + (micros >> (power - 5)) - SHARES;
}

static uint32_t upper_end(uint32_t bucket) {
    if (bucket < SHARES)
        return bucket;
    uint32_t power = bucket / SHARES + 4;
    return (uint32_t)(((uint64_t)(bucket % SHARES + SHARES + 1) << (power - 5)) - 1);
}

void time_from(uint32_t from) {
    timed_from = from;
    seen.slowest = 0;
    memset(histogram, 0, sizeof histogram);
}

uint32_t percentile(double share) {
    uint64_t total = 0, below = 0;
    for (uint32_t i = 0; i < BUCKETS; i++)
        total += histogram[i];
    for (uint32_t i = 0; i < BUCKETS; i++) {
        below += histogram[i];
        if (below && (double)below >= share * (double)total)
            return upper_end(i) < seen.slowest ? upper_end(i) : seen.slowest;
    }
    return 0;
}

// --- one delivery ---

void check(person *p, const char *mark, uint32_t at) {
    uint32_t sender = read_word(mark + 2), number = read_word(mark + 10), posted = read_word(mark + 18);
    if (sender >= given.speakers || people[sender].room != p->room || !number || number > people[sender].sent) {
        seen.foreign++;
        return;
    }
    person *from = &people[sender];
    uint32_t *newest = &p->newest[from->place];
    if (number > *newest) {
        if (number != *newest + 1)
            remember_hole(p->id, sender, *newest + 1, number - 1);
        *newest = number;
    } else if (fill_hole(p->id, sender, number)) {
        seen.out_of_order++;
    } else {
        seen.duplicates++;
        return;
    }
    seen.arrived++;
    seen.counted += counting;
    if (posted >= timed_from) {
        uint32_t took = at > posted ? at - posted : 0;
        histogram[bucket_of(took)]++;
        if (took > seen.slowest)
            seen.slowest = took;
    }
    // Where nobody hears the own message, the neighbour's copy says that it went through.
    if (spoken.no_echo ? p->place == (from->place + 1) % per_room : from == p) {
        from->in_flight--;
        if (window)
            speak_again_later(from);
    }
}
