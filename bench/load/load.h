// A chat load generator: many people over loopback in one epoll thread, cheap enough that the server is the limit.
//
// People are numbered; person i is in room i % rooms, and the first `speakers` of them post. Every message carries
// sender, number and time in its text, so that every single delivery is checked and timed. Times are microseconds
// since the start, in 32 bits (71 minutes).
//
// main.c runs the phases, people.c speaks WebSocket (or plain lines), script.c knows what a server wants to hear,
// check.c looks at every delivery, usage.c measures processor time.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    char *bytes;
    size_t used, capacity;
} buffer;

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

// main.c
typedef struct {
    const char *script;
    int port;
    uint32_t people, rooms, speakers;
    uint32_t text;       // bytes of a message's text
    uint32_t connecting; // people who connect at the same time
    bool random_nonces;
    int pid, core; // the server's
} options;
extern options given;
extern person *people;
extern uint32_t per_room, speakers_per_room, window; // window: messages a speaker has in flight, 0 for a fixed rate
uint32_t now(void);
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

// people.c
extern uint32_t ready, closed;
extern uint64_t posts;
void open_loop(void);
void watch_input(void);
void turn(uint32_t until); // handle what happens, at most up to a time
void connect_person(person *p);
void speak(person *p, uint32_t count, uint32_t at);
void speak_again_later(person *p);

// script.c
typedef struct {
    const char *path, *subprotocol, *headers;
    bool raw;     // no WebSocket, plain TCP; implies lines
    bool lines;   // what comes is a stream of lines, however it is framed
    bool no_echo; // a sender does not get the own message
} wire;
extern wire spoken;
void read_script(const char *file);
bool greet(person *p, const char *heard, size_t length); // true when a greeting is complete; heard may be NULL
void hear_other(person *p, const char *message, size_t length);
size_t write_post(char *into, person *p, uint32_t at);
extern uint64_t acknowledged, refused;
extern bool acknowledges;
void say(person *p, const char *message, size_t length); // people.c: one message, framed
size_t write_frame(char *into, const char *payload, size_t length, int opcode);

// check.c
#define MARK 26 // bytes of "~~" and three words of eight hexadecimal digits: sender, number, time
void write_mark(char *into, uint32_t sender, uint32_t number, uint32_t at);
const char *find_mark(const char *message, size_t length);
void check(person *p, const char *mark, uint32_t at);
typedef struct {
    uint64_t arrived, duplicates, out_of_order, foreign; // since the start
    uint64_t counted;                                                 // while `counting`
    uint32_t slowest;
} deliveries;
extern deliveries seen;
extern bool counting;
void time_from(uint32_t from); // messages posted from then on are timed
uint32_t percentile(double share);

// usage.c
double server_seconds(void);
double core_seconds(void);
double own_seconds(void);
