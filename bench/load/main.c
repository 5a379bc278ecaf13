// The phases: everyone connects and greets; then each line on standard input is one phase, each answered by a line.
//
//   rate POSTS_PER_SECOND WARM SECONDS DRAIN     posts at their intended times, spread evenly over the speakers
//   window MESSAGES WARM SECONDS DRAIN           every speaker posts again as soon as an own message has come back
//
// The times are in seconds. Latency counts from when a message should have been sent, so that a stall of the server
// is felt by everyone whom it would have kept waiting. What is timed is what was posted in `SECONDS`; after that
// nobody posts, and up to DRAIN seconds are given for all to arrive.
#include "load.h"
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

options given = {.people = 1, .rooms = 1, .text = 100, .connecting = 64};
person *people;
uint32_t per_room, speakers_per_room, window;

static uint64_t monotonic(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

uint32_t now(void) {
    static uint64_t start;
    uint64_t t = monotonic();
    if (!start)
        start = t - 1; // 0 is no time
    return (uint32_t)(t - start);
}

void fail(const char *format, ...) {
    va_list values;
    va_start(values, format);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    exit(1);
}

// --- everyone comes ---

static void make_people(void) {
    per_room = given.people / given.rooms;
    speakers_per_room = given.speakers / given.rooms;
    if (per_room * given.rooms != given.people || speakers_per_room * given.rooms != given.speakers)
        fail("People and speakers have to be spread evenly over the rooms.");
    people = calloc(given.people, sizeof *people);
    uint32_t *newest = calloc((size_t)given.people * speakers_per_room + 1, sizeof *newest);
    if (!people || !newest)
        fail("Out of memory.");
    uint64_t chance = monotonic() ^ (uint64_t)getpid() << 40;
    for (uint32_t i = 0; i < given.people; i++) {
        person *p = &people[i];
        p->id = i;
        p->room = i % given.rooms;
        p->place = i / given.rooms;
        p->newest = newest + (size_t)i * speakers_per_room;
        chance = chance * 6364136223846793005u + 1442695040888963407u; // Knuth's MMIX
        sprintf(p->nonce, "%010llx", (unsigned long long)(chance >> 24));
    }
}

static void let_everyone_in(void) {
    uint32_t begun = now(), started = 0, at = begun, before = 0;
    while (ready < given.people && !closed) {
        while (started < given.people && started - ready < given.connecting)
            connect_person(&people[started++]);
        turn(now() + 100000);
        if (ready != before)
            before = ready, at = now();
        if (now() - at > 30000000)
            break;
    }
    if (ready < given.people)
        fail("%u of %u people came in, %u were sent away.", ready, given.people, closed);
    printf("{\"ready\": %u, \"seconds\": %.3f}\n", ready, (now() - begun) / 1e6);
    fflush(stdout);
}

// --- a phase ---

typedef struct {
    double rate, warm, seconds, drain;
    uint64_t posts_before, arrived_before, duplicates_before, out_of_order_before, foreign_before, refused_before;
    uint64_t counted_posts;
    double took, server, core, own;
} phase;

static uint64_t expected(uint64_t count) {
    return count * (per_room - spoken.no_echo);
}

static bool complete(void) {
    return seen.arrived >= expected(posts) && (!acknowledges || acknowledged >= posts);
}

// Post what is due by now; returns when the next message is.
static uint32_t post_due(const phase *f, uint32_t begun, uint64_t *count) {
    for (int burst = 0; burst < 64; burst++) {
        uint32_t next = begun + (uint32_t)((double)*count * 1e6 / f->rate);
        if ((int32_t)(next - now()) > 0)
            return next;
        speak(&people[(*count)++ % given.speakers], 1, next);
    }
    return now();
}

static void run(phase *f) {
    uint32_t begun = now(), from = begun + (uint32_t)(f->warm * 1e6), to = from + (uint32_t)(f->seconds * 1e6);
    uint64_t count = 0;
    time_from(from);
    for (uint32_t i = 0; window && i < given.speakers; i++)
        speak(&people[i], window - people[i].in_flight, now());
    while ((int32_t)(to - now()) > 0) {
        if (!counting && (int32_t)(now() - from) >= 0) {
            counting = true;
            seen.counted = 0;
            f->counted_posts = posts;
            f->took = now();
            f->server = server_seconds();
            f->core = core_seconds();
            f->own = own_seconds();
        }
        uint32_t until = counting ? to : from;
        if (f->rate > 0) {
            uint32_t next = post_due(f, begun, &count);
            until = (int32_t)(next - until) < 0 ? next : until;
        }
        turn(until);
    }
    counting = false;
    window = 0;
    f->took = (now() - f->took) / 1e6;
    f->server = server_seconds() - f->server;
    f->core = core_seconds() - f->core;
    f->own = own_seconds() - f->own;
    f->counted_posts = posts - f->counted_posts;
    uint32_t end = now() + (uint32_t)(f->drain * 1e6);
    while (!complete() && (int32_t)(end - now()) > 0)
        turn(now() + 10000);
}

static void report(const phase *f) {
    uint64_t posted = posts - f->posts_before, arrived = seen.arrived - f->arrived_before;
    printf("{\"seconds\": %.4f, \"posts\": %lu, \"deliveries\": %lu, ", f->took, f->counted_posts, seen.counted);
    printf("\"server_seconds\": %.3f, \"core_seconds\": %.3f, ", f->server, f->core);
    printf("\"generator_seconds\": %.3f, ", f->own);
    printf("\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"p999_ms\": %.3f, \"slowest_ms\": %.3f, ", percentile(.5) / 1e3,
           percentile(.99) / 1e3, percentile(.999) / 1e3, seen.slowest / 1e3);
    printf("\"posted\": %lu, \"arrived\": %lu, \"lost\": %ld, ", posted, arrived, (long)(expected(posted) - arrived));
    printf("\"duplicates\": %lu, \"out_of_order\": %lu, \"foreign\": %lu, ", seen.duplicates - f->duplicates_before,
           seen.out_of_order - f->out_of_order_before, seen.foreign - f->foreign_before);
    printf("\"unacknowledged\": %ld, \"refused\": %lu, \"closed\": %u}\n",
           acknowledges ? (long)(posts - acknowledged) : 0L, refused - f->refused_before, closed);
    fflush(stdout);
}

static void follow(const char *line) {
    phase f = {.posts_before = posts,
               .arrived_before = seen.arrived,
               .duplicates_before = seen.duplicates,
               .out_of_order_before = seen.out_of_order,
               .foreign_before = seen.foreign,
               .refused_before = refused};
    char kind[16];
    double amount;
    if (sscanf(line, "%15s %lf %lf %lf %lf", kind, &amount, &f.warm, &f.seconds, &f.drain) != 5 || amount <= 0)
        fail("A phase is `rate POSTS_PER_SECOND WARM SECONDS DRAIN` or `window MESSAGES WARM SECONDS DRAIN`.");
    if (*kind == 'w')
        window = (uint32_t)amount;
    else
        f.rate = amount;
    if (!given.speakers)
        fail("Nobody speaks; see --speakers.");
    run(&f);
    report(&f);
}

static void follow_input(void) {
    char line[256];
    size_t used = 0;
    watch_input();
    for (;;) {
        turn(now() + 1000000);
        ssize_t got = read(STDIN_FILENO, line + used, sizeof line - 1 - used);
        if (got == 0)
            return;
        used += got > 0 ? (size_t)got : 0;
        line[used] = 0;
        char *end = strchr(line, '\n');
        if (!end)
            continue;
        *end = 0;
        follow(line);
        used = 0;
    }
}

// --- the command line ---

static const struct option OPTIONS[] = {
    {"script", 1, 0, 's'},     {"port", 1, 0, 'p'}, {"people", 1, 0, 'n'},     {"rooms", 1, 0, 'r'},
    {"speakers", 1, 0, 'm'},   {"text", 1, 0, 't'}, {"connecting", 1, 0, 'c'}, {"pid", 1, 0, 'P'},
    {"core", 1, 0, 'o'},       {"random-nonces", 0, 0, 'x'}, {0}};

int main(int count, char **arguments) {
    int option;
    while ((option = getopt_long(count, arguments, "", OPTIONS, NULL)) != -1) {
        uint32_t number = optarg ? (uint32_t)atoi(optarg) : 0;
        switch (option) {
        case 's': given.script = optarg; break;
        case 'p': given.port = (int)number; break;
        case 'n': given.people = number; break;
        case 'r': given.rooms = number; break;
        case 'm': given.speakers = number; break;
        case 't': given.text = number; break;
        case 'c': given.connecting = number; break;
        case 'x': given.random_nonces = true; break;
        case 'P': given.pid = (int)number; break;
        case 'o': given.core = (int)number; break;
        default: return 2;
        }
    }
    if (!given.script || !given.port || !given.pid || !given.people || !given.rooms)
        fail("--script, --port, --pid, --people and --rooms are needed.");
    if (given.text < MARK || given.text > 8000)
        fail("A --text has %d to 8000 bytes.", MARK);
    read_script(given.script);
    make_people();
    open_loop();
    let_everyone_in();
    follow_input();
    return 0;
}
