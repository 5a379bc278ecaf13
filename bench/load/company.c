#include "company.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

company gather(uint32_t people, uint32_t rooms, uint32_t speakers) {
    company c = {.count = people, .rooms = rooms, .speakers = speakers};
    c.per_room = people / rooms;
    c.speakers_per_room = speakers / rooms;
    if (c.per_room * rooms != people || c.speakers_per_room * rooms != speakers)
        fail("People and speakers have to be spread evenly over the rooms.");
    c.people = calloc(people, sizeof *c.people);
    uint32_t *newest = calloc((size_t)people * c.speakers_per_room + 1, sizeof *newest);
    if (!c.people || !newest)
        fail("Out of memory.");
    uint64_t chance = monotonic() ^ (uint64_t)getpid() << 40;
    for (uint32_t i = 0; i < people; i++) {
        person *p = &c.people[i];
        p->id = i;
        p->room = i % rooms;
        p->place = i / rooms;
        p->newest = newest + (size_t)i * c.speakers_per_room;
        chance = chance * 6364136223846793005u + 1442695040888963407u; // Knuth's MMIX
        sprintf(p->nonce, "%010llx", (unsigned long long)(chance >> 24));
    }
    return c;
}
