#include "ledger.h"
#include <stdlib.h>
#include <string.h>

// Nearly always it is where the last one was.
const char *find_mark(ledger *l, const char *message, size_t length) {
    if (l->usual + MARK <= length && message[l->usual] == '~' && message[l->usual + 1] == '~')
        return message + l->usual;
    const char *found = memmem(message, length, "~~", 2);
    if (!found || found + MARK > message + length)
        return NULL;
    l->usual = (size_t)(found - message);
    return found;
}

// --- numbers that were passed over, until they come after all ---

static void remember_hole(ledger *l, hole passed) {
    if (l->hole_count == l->hole_capacity) {
        l->hole_capacity = l->hole_capacity ? 2 * l->hole_capacity : 1024;
        l->holes = realloc(l->holes, l->hole_capacity * sizeof *l->holes);
        if (!l->holes)
            fail("Out of memory.");
    }
    l->holes[l->hole_count++] = passed;
}

// True where the number had been passed over, so that it comes late; false where it came before.
static bool fill_hole(ledger *l, uint32_t receiver, uint32_t sender, uint32_t number) {
    for (size_t i = 0; i < l->hole_count; i++) {
        hole *h = &l->holes[i];
        if (h->receiver != receiver || h->sender != sender || number < h->from || number > h->to)
            continue;
        hole after = {receiver, sender, number + 1, h->to};
        h->to = number - 1;
        if (h->to < h->from)
            l->holes[i] = l->holes[--l->hole_count];
        if (after.from <= after.to)
            remember_hole(l, after);
        return true;
    }
    return false;
}

// --- how long it took: 32 buckets per power of two, so within 3 % ---

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

void time_from(ledger *l, uint32_t from) {
    l->timed_from = from;
    l->seen.slowest = 0;
    memset(l->histogram, 0, sizeof l->histogram);
}

uint32_t percentile(const ledger *l, double share) {
    uint64_t total = 0, below = 0;
    for (uint32_t i = 0; i < BUCKETS; i++)
        total += l->histogram[i];
    for (uint32_t i = 0; i < BUCKETS; i++) {
        below += l->histogram[i];
        if (below && (double)below >= share * (double)total)
            return upper_end(i) < l->seen.slowest ? upper_end(i) : l->seen.slowest;
    }
    return 0;
}

// --- one delivery ---

// Where nobody hears the own message, the neighbour's copy says that it went through.
static bool went_through(const ledger *l, const person *from, const person *to) {
    return l->no_echo ? to->place == (from->place + 1) % l->company->per_room : from == to;
}

person *check(ledger *l, person *to, const char *where, uint32_t at) {
    mark m = read_mark(where);
    person *people = l->company->people;
    if (m.sender >= l->company->speakers || people[m.sender].room != to->room || !m.number ||
        m.number > people[m.sender].sent) {
        l->seen.foreign++;
        return NULL;
    }
    person *from = &people[m.sender];
    uint32_t *newest = &to->newest[from->place];
    if (m.number > *newest) {
        if (m.number != *newest + 1)
            remember_hole(l, (hole){to->id, m.sender, *newest + 1, m.number - 1});
        *newest = m.number;
    } else if (fill_hole(l, to->id, m.sender, m.number)) {
        l->seen.out_of_order++;
    } else {
        l->seen.duplicates++;
        return NULL;
    }
    l->seen.arrived++;
    l->seen.counted += l->counting;
    if (m.posted >= l->timed_from) {
        uint32_t took = at > m.posted ? at - m.posted : 0;
        l->histogram[bucket_of(took)]++;
        if (took > l->seen.slowest)
            l->seen.slowest = took;
    }
    return went_through(l, from, to) ? from : NULL;
}
