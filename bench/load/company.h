// The people of a load, and who of them is where: person i is in room i % rooms, and the first `speakers` post.
#pragma once
#include "foundation.h"

typedef enum { CLOSED, CONNECTING, SHAKING, GREETING, READY } state;

typedef struct {
    int fd;
    state state;
    uint32_t id, room, place; // place: the how-manieth of its room
    uint32_t sent;            // the number of its newest message
    uint32_t in_flight;       // those that have not come back
    uint32_t *newest;         // of each speaker of its room by place: the newest number that reached this person
    bool due;                 // on the list of those who may post again
    size_t step;              // of the script's greeting
    char nonce[20];           // the part of its nonces that no other has
    buffer rest, line, out;   // an incomplete frame, an incomplete line, what the socket has not taken
} person;

typedef struct {
    person *people;
    uint32_t count, rooms, speakers;
    uint32_t per_room, speakers_per_room;
} company;

company gather(uint32_t people, uint32_t rooms, uint32_t speakers);
