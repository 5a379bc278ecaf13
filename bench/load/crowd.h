// The people's sockets: connecting, the opening handshake, frames (RFC 6455) or plain lines, and the epoll loop.
#pragma once
#include "company.h"
#include "ledger.h"
#include "script.h"

typedef struct {
    company company;
    script script; // what they say
    ledger ledger; // what they heard
    int port, second;
    uint32_t ready, closed; // how many have greeted, and how many are gone
    uint32_t window;        // messages a speaker has in flight, 0 for a fixed rate
    uint64_t posts;         // so far
    int loop, timer;
    person **due; // those who may post again
    size_t due_count;
    char *chunk, *stream; // what is read from one socket, and the lines in it
} crowd;

void open_loop(crowd *c);
void watch_input(crowd *c);
void turn(crowd *c, uint32_t until); // handle what happens, at most up to a time
void connect_person(crowd *c, person *p);
void speak(crowd *c, person *p, uint32_t count, uint32_t at); // post messages, in one write
