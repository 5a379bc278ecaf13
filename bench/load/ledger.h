// Every delivery is looked at here: was it meant for this person, is it the sender's next, how long did it take?
#pragma once
#include "company.h"
#include "mark.h"

enum { SHARES = 32, BUCKETS = 28 * SHARES };

typedef struct {
    uint32_t receiver, sender, from, to;
} hole; // numbers that were passed over

typedef struct {
    const company *company;
    bool no_echo;  // a sender does not get the own message
    bool counting; // what arrives now counts for the phase
    struct {
        uint64_t arrived, duplicates, out_of_order, foreign; // since the start
        uint64_t counted;                                    // while `counting`
        uint32_t slowest;
    } seen;
    size_t usual; // where in a message its mark was last
    hole *holes;
    size_t hole_count, hole_capacity;
    uint32_t timed_from;
    uint64_t histogram[BUCKETS];
} ledger;

const char *find_mark(ledger *l, const char *message, size_t length); // NULL for none
person *check(ledger *l, person *to, const char *where, uint32_t at); // whose message went through with it, or NULL
void time_from(ledger *l, uint32_t from);                             // messages posted from then on are timed
uint32_t percentile(const ledger *l, double share);
