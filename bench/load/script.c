// What a server wants to hear: how its people connect and greet, and what a post looks like.
//
// A script has one line each of: `path /ws`, `subprotocol NAME`, `header NAME: VALUE`, `raw`, `lines`, `no-echo`,
// `send TEXT` and `wait TEXT` (the greeting, in order), `post TEXT`, `acknowledged START` and `refused START` (what
// answers to posts begin with), `answer START REPLY` (what begins so is answered by the reply and the rest of it).
// In texts \r, \n and \\ are what they are in C, and {n} is the person, {r} the room, {k} the message's number, {m}
// its text, {nonce} its nonce. {n} and {r} have five digits, so that a mark is always found in the same place.
#include "load.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

wire spoken = {.path = "/", .subprotocol = "", .headers = ""};
uint64_t acknowledged, refused;
bool acknowledges;

enum { LITERAL, PERSON, ROOM, NUMBER, TEXT, NONCE };
static const char *const FIELDS[] = {"", "{n}", "{r}", "{k}", "{m}", "{nonce}"};
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

static step steps[16];
static size_t step_count;
static template post;
static rule acknowledgements[4], refusals[4], answers[4];
static size_t acknowledgement_count, refusal_count, answer_count;

static void unescape(char *text) {
    char *to = text;
    for (; *text; text++)
        if (*text == '\\' && text[1])
            *to++ = *++text == 'r' ? '\r' : *text == 'n' ? '\n' : *text;
        else
            *to++ = *text;
    *to = 0;
}

static template parse(const char *text) {
    template t = {.count = 0};
    while (*text) {
        const char *next = text;
        int kind = LITERAL;
        for (; *next && !kind; next += !kind)
            for (int field = PERSON; field <= NONCE && *next == '{'; field++)
                if (!strncmp(next, FIELDS[field], strlen(FIELDS[field])))
                    kind = field;
        if (t.count + 2 > sizeof t.pieces / sizeof *t.pieces)
            fail("A text of the script has too many fields.");
        if (next > text)
            t.pieces[t.count++] = (piece){LITERAL, text, (size_t)(next - text)};
        if (kind)
            t.pieces[t.count++] = (piece){kind, NULL, 0};
        text = next + strlen(FIELDS[kind]);
    }
    return t;
}

static rule *add_rule(rule *rules, size_t *count, char *start) {
    if (*count == 4)
        fail("The script has too many lines of a kind.");
    rules[*count] = (rule){start, ""};
    return &rules[(*count)++];
}

static void take_line(const char *word, char *rest) {
    if (!strcmp(word, "path"))
        spoken.path = rest;
    else if (!strcmp(word, "subprotocol"))
        spoken.subprotocol = rest;
    else if (!strcmp(word, "header"))
        spoken.headers = rest;
    else if (!strcmp(word, "raw"))
        spoken.raw = spoken.lines = true;
    else if (!strcmp(word, "lines"))
        spoken.lines = true;
    else if (!strcmp(word, "no-echo"))
        spoken.no_echo = true;
    else if (!strcmp(word, "post"))
        post = parse(rest);
    else if ((!strcmp(word, "send") || !strcmp(word, "wait")) && step_count < sizeof steps / sizeof *steps)
        steps[step_count++] = (step){*word == 'w', parse(rest)};
    else if (!strcmp(word, "acknowledged"))
        acknowledges = add_rule(acknowledgements, &acknowledgement_count, rest);
    else if (!strcmp(word, "refused"))
        add_rule(refusals, &refusal_count, rest);
    else if (!strcmp(word, "answer")) {
        rule *made = add_rule(answers, &answer_count, strsep(&rest, " "));
        made->reply = rest ? rest : "";
    } else
        fail("The script has a line '%s ...' that means nothing here.", word);
}

void read_script(const char *name) {
    FILE *file = fopen(name, "r");
    if (!file)
        fail("The script %s cannot be read.", name);
    char line[4096];
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        char *rest = strdup(line), *word = strsep(&rest, " ");
        rest = rest ? rest : "";
        if (*rest)
            unescape(rest);
        if (*word)
            take_line(word, rest);
    }
    fclose(file);
}

// --- what a person says ---

static size_t write_decimal(char *into, uint32_t value, int digits) {
    char reversed[10];
    int count = 0;
    for (; value || count < digits; value /= 10)
        reversed[count++] = (char)('0' + value % 10);
    for (int i = 0; i < count; i++)
        into[i] = reversed[count - 1 - i];
    return (size_t)count;
}

// As our clients make them: the time in ms, then what is the sender's alone, then a counter.
static size_t write_nonce(char *into, person *p, uint32_t at) {
    static uint64_t chance, begun;
    if (!begun)
        begun = (uint64_t)time(NULL) * 1000 - at / 1000;
    if (!given.random_nonces)
        return (size_t)sprintf(into, "%012llx%s%06x", (unsigned long long)(begun + at / 1000), p->nonce, p->sent);
    if (!chance)
        memcpy(&chance, p->nonce, sizeof chance);
    chance ^= chance << 13, chance ^= chance >> 7, chance ^= chance << 17; // xorshift
    return (size_t)sprintf(into, "%016llx%08x", (unsigned long long)chance, p->id);
}

static size_t fill(char *into, const template *t, person *p, uint32_t at) {
    char *to = into;
    for (const piece *part = t->pieces; part < t->pieces + t->count; part++)
        switch (part->kind) {
        case LITERAL:
            memcpy(to, part->bytes, part->length);
            to += part->length;
            break;
        case PERSON:
            to += write_decimal(to, p->id, 5);
            break;
        case ROOM:
            to += write_decimal(to, p->room, 5);
            break;
        case NUMBER:
            to += write_decimal(to, p->sent, 1);
            break;
        case TEXT:
            memset(to, 'x', given.text);
            write_mark(to, p->id, p->sent, at);
            to += given.text;
            break;
        case NONCE:
            to += write_nonce(to, p, at);
        }
    return (size_t)(to - into);
}

size_t write_post(char *into, person *p, uint32_t at) {
    return fill(into, &post, p, at);
}

bool greet(person *p, const char *heard, size_t length) {
    static char text[8192];
    if (heard && p->step < step_count) {
        size_t wanted = fill(text, &steps[p->step].said, p, 0);
        p->step += steps[p->step].wait && memmem(heard, length, text, wanted);
    }
    while (p->step < step_count && !steps[p->step].wait) {
        say(p, text, fill(text, &steps[p->step++].said, p, 0));
        if (p->state == CLOSED)
            return false;
    }
    return p->step == step_count;
}

// --- what a person hears that is no delivery ---

static const rule *matching(const rule *rules, size_t count, const char *message, size_t length) {
    for (const rule *r = rules; r < rules + count; r++)
        if (strlen(r->start) <= length && !memcmp(r->start, message, strlen(r->start)))
            return r;
    return NULL;
}

void hear_other(person *p, const char *message, size_t length) {
    if (p->state == READY && matching(acknowledgements, acknowledgement_count, message, length)) {
        acknowledged++;
    } else if (matching(refusals, refusal_count, message, length)) {
        if (!refused++)
            fprintf(stderr, "refused: %.*s\n", (int)length, message);
    } else {
        const rule *r = matching(answers, answer_count, message, length);
        char reply[1024];
        if (r && length < 512) {
            int size = sprintf(reply, "%s%.*s", r->reply, (int)(length - strlen(r->start)), message + strlen(r->start));
            say(p, reply, (size_t)size);
        }
    }
}
