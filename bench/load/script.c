#include "script.h"
#include "mark.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LITERAL, PERSON, ROOM, NUMBER, TEXT, NONCE };
static const char *const FIELDS[] = {"", "{n}", "{r}", "{k}", "{m}", "{nonce}"};
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

static rule *add_rule(rules *to, char *start) {
    if (to->count == sizeof to->of / sizeof *to->of)
        fail("The script has too many lines of a kind.");
    to->of[to->count] = (rule){start, ""};
    return &to->of[to->count++];
}

static void take_line(script *s, const char *word, char *rest) {
    if (!strcmp(word, "path"))
        s->wire.path = rest;
    else if (!strcmp(word, "subprotocol"))
        s->wire.subprotocol = rest;
    else if (!strcmp(word, "header"))
        s->wire.headers = rest;
    else if (!strcmp(word, "raw"))
        s->wire.raw = s->wire.lines = true;
    else if (!strcmp(word, "lines"))
        s->wire.lines = true;
    else if (!strcmp(word, "no-echo"))
        s->wire.no_echo = true;
    else if (!strcmp(word, "post"))
        s->post = parse(rest);
    else if ((!strcmp(word, "send") || !strcmp(word, "wait")) && s->step_count < sizeof s->steps / sizeof *s->steps)
        s->steps[s->step_count++] = (step){*word == 'w', parse(rest)};
    else if (!strcmp(word, "acknowledged"))
        add_rule(&s->acknowledgements, rest);
    else if (!strcmp(word, "refused"))
        add_rule(&s->refusals, rest);
    else if (!strcmp(word, "answer")) {
        rule *made = add_rule(&s->answers, strsep(&rest, " "));
        made->reply = rest ? rest : "";
    } else
        fail("The script has a line '%s ...' that means nothing here.", word);
}

script read_script(const char *name) {
    script s = {.wire = {.path = "/", .subprotocol = "", .headers = ""}};
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
            take_line(&s, word, rest);
    }
    fclose(file);
    return s;
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
static size_t write_nonce(script *s, char *into, const person *p, uint32_t at) {
    if (!s->begun)
        s->begun = (uint64_t)time(NULL) * 1000 - at / 1000;
    if (!s->random_nonces)
        return (size_t)sprintf(into, "%012llx%s%06x", (unsigned long long)(s->begun + at / 1000), p->nonce, p->sent);
    uint64_t chance = s->chance;
    if (!chance)
        memcpy(&chance, p->nonce, sizeof chance);
    chance ^= chance << 13, chance ^= chance >> 7, chance ^= chance << 17; // xorshift
    s->chance = chance;
    return (size_t)sprintf(into, "%016llx%08x", (unsigned long long)chance, p->id);
}

static size_t fill(script *s, char *into, const template *t, const person *p, uint32_t at) {
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
            memset(to, 'x', s->text);
            write_mark(to, (mark){p->id, p->sent, at});
            to += s->text;
            break;
        case NONCE:
            to += write_nonce(s, to, p, at);
        }
    return (size_t)(to - into);
}

size_t write_post(script *s, char *into, const person *p, uint32_t at) {
    return fill(s, into, &s->post, p, at);
}

void greet_with(script *s, person *p, const char *heard, size_t length) {
    if (p->step == s->step_count || !s->steps[p->step].wait)
        return;
    char wanted[LONGEST_TEXT];
    p->step += memmem(heard, length, wanted, fill(s, wanted, &s->steps[p->step].said, p, 0)) != NULL;
}

size_t next_greeting(script *s, char *into, person *p) {
    if (p->step == s->step_count || s->steps[p->step].wait)
        return 0;
    return fill(s, into, &s->steps[p->step++].said, p, 0);
}

bool has_greeted(const script *s, const person *p) {
    return p->step == s->step_count;
}

// --- what a person hears that is no delivery ---

static const rule *matching(const rules *among, const char *message, size_t length) {
    for (const rule *r = among->of; r < among->of + among->count; r++)
        if (strlen(r->start) <= length && !memcmp(r->start, message, strlen(r->start)))
            return r;
    return NULL;
}

size_t answer_to(script *s, char *into, const person *p, const char *message, size_t length) {
    if (p->state == READY && matching(&s->acknowledgements, message, length)) {
        s->acknowledged++;
        return 0;
    }
    if (matching(&s->refusals, message, length)) {
        if (!s->refused++)
            fprintf(stderr, "refused: %.*s\n", (int)length, message);
        return 0;
    }
    const rule *r = matching(&s->answers, message, length);
    if (!r || length >= 512)
        return 0;
    return (size_t)sprintf(into, "%s%.*s", r->reply, (int)(length - strlen(r->start)), message + strlen(r->start));
}
