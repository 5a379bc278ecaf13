// What a server wants to hear: how its people connect and greet, and what a post looks like.
//
// A script has one line each of: `path /ws`, `subprotocol NAME`, `header NAME: VALUE`, `raw`, `lines`, `no-echo`,
// `send TEXT` and `wait TEXT` (the greeting, in order), `post TEXT`, `acknowledged START` and `refused START` (what
// answers to posts begin with), `answer START REPLY` (what begins so is answered by the reply and the rest of it).
// In texts \r, \n and \\ are what they are in C, and {n} is the person, {r} the room, {k} the message's number, {m}
// its text, {nonce} its nonce. {n} and {r} have five digits, so that a mark is always found in the same place.
#pragma once
#include "company.h"

enum { LONGEST_TEXT = 8192 };

typedef struct {
    int kind;
    const char *bytes;
    size_t length;
} piece;
typedef struct {
    piece pieces[32];
    size_t count;
} template;
typedef struct {
    bool wait;
    template said;
} step;
typedef struct {
    const char *start, *reply;
} rule;

typedef struct {
    rule of[4];
    size_t count;
} rules;

typedef struct {
    const char *path, *subprotocol, *headers;
    bool raw;     // no WebSocket, plain TCP; implies lines
    bool lines;   // what comes is a stream of lines, however it is framed
    bool no_echo; // a sender does not get the own message
} wire;

typedef struct {
    wire wire;
    step steps[16];
    size_t step_count;
    template post;
    rules acknowledgements, refusals, answers;
    uint32_t text;                 // bytes of a message's text
    bool random_nonces;
    uint64_t acknowledged, refused; // answers to posts so far
    uint64_t begun, chance;         // of nonces: when the first was made, and the state of the random ones
} script;

script read_script(const char *file);
size_t write_post(script *s, char *into, const person *p, uint32_t at);
void greet_with(script *s, person *p, const char *heard, size_t length);                 // what a greeting waited for?
size_t next_greeting(script *s, char *into, person *p);                                  // 0: it waits, or is complete
bool has_greeted(const script *s, const person *p);
size_t answer_to(script *s, char *into, const person *p, const char *message, size_t length); // no delivery; 0: none
