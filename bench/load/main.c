// A chat load generator: many people over loopback in one epoll thread, cheap enough that the server is the limit.
//
// foundation (time, bytes) <- company (the people) <- ledger (checks what they heard, by its mark) and script (what
// they say) <- crowd (their sockets) <- main (the phases) -> usage (processor time). Each is handed what it works on.
//
// The phases: everyone connects and greets; then each line on standard input is one phase, each answered by a line.
//
//   rate POSTS_PER_SECOND WARM SECONDS DRAIN     posts at their intended times, spread evenly over the speakers
//   window MESSAGES WARM SECONDS DRAIN           every speaker posts again as soon as an own message has come back
//
// The times are in seconds. Latency counts from when a message should have been sent, so that a stall of the server
// is felt by everyone whom it would have kept waiting. What is timed is what was posted in `SECONDS`; after that
// nobody posts, and up to DRAIN seconds are given for all to arrive.
#include "crowd.h"
#include "usage.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    const char *script;
    uint32_t people, rooms, speakers;
    uint32_t text;       // bytes of a message's text
    uint32_t connecting; // people who connect at the same time
    bool random_nonces;
    int port, second, pid, core; // the server's, and the port of another node
} options;

// --- everyone comes ---

static void let_everyone_in(crowd *c, uint32_t connecting) {
    uint32_t begun = now(), started = 0, at = begun, before = 0;
    uint32_t people = c->company.count;
    while (c->ready < people && !c->closed) {
        while (started < people && started - c->ready < connecting)
            connect_person(c, &c->company.people[started++]);
        turn(c, now() + 100000);
        if (c->ready != before)
            before = c->ready, at = now();
        if (now() - at > 30000000)
            break;
    }
    if (c->ready < people)
        fail("%u of %u people came in, %u were sent away.", c->ready, people, c->closed);
    printf("{\"ready\": %u, \"seconds\": %.3f}\n", c->ready, (now() - begun) / 1e6);
    fflush(stdout);
}

// --- a phase ---

typedef struct {
    double rate, warm, seconds, drain;
    uint64_t posts_before, arrived_before, duplicates_before, out_of_order_before, foreign_before, refused_before;
    uint64_t counted_posts;
    double took, server, core, own;
} phase;

static uint64_t expected(const crowd *c, uint64_t count) {
    return count * (c->company.per_room - c->script.wire.no_echo);
}

static uint64_t unacknowledged(const crowd *c) {
    return c->script.acknowledgements.count ? c->posts - c->script.acknowledged : 0;
}

static bool complete(const crowd *c) {
    return c->ledger.seen.arrived >= expected(c, c->posts) && !unacknowledged(c);
}

// Post what is due by now; returns when the next message is.
static uint32_t post_due(crowd *c, const phase *f, uint32_t begun, uint64_t *count) {
    for (int burst = 0; burst < 64; burst++) {
        uint32_t next = begun + (uint32_t)((double)*count * 1e6 / f->rate);
        if ((int32_t)(next - now()) > 0)
            return next;
        speak(c, &c->company.people[(*count)++ % c->company.speakers], 1, next);
    }
    return now();
}

static void run(crowd *c, phase *f, int pid, int core) {
    uint32_t begun = now(), from = begun + (uint32_t)(f->warm * 1e6), to = from + (uint32_t)(f->seconds * 1e6);
    uint64_t count = 0;
    time_from(&c->ledger, from);
    for (uint32_t i = 0; c->window && i < c->company.speakers; i++)
        speak(c, &c->company.people[i], c->window - c->company.people[i].in_flight, now());
    while ((int32_t)(to - now()) > 0) {
        if (!c->ledger.counting && (int32_t)(now() - from) >= 0) {
            c->ledger.counting = true;
            c->ledger.seen.counted = 0;
            f->counted_posts = c->posts;
            f->took = now();
            f->server = server_seconds(pid);
            f->core = core_seconds(core);
            f->own = own_seconds();
        }
        uint32_t until = c->ledger.counting ? to : from;
        if (f->rate > 0) {
            uint32_t next = post_due(c, f, begun, &count);
            until = (int32_t)(next - until) < 0 ? next : until;
        }
        turn(c, until);
    }
    c->ledger.counting = false;
    c->window = 0;
    f->took = (now() - f->took) / 1e6;
    f->server = server_seconds(pid) - f->server;
    f->core = core_seconds(core) - f->core;
    f->own = own_seconds() - f->own;
    f->counted_posts = c->posts - f->counted_posts;
    uint32_t end = now() + (uint32_t)(f->drain * 1e6);
    while (!complete(c) && (int32_t)(end - now()) > 0)
        turn(c, now() + 10000);
}

static void report(const crowd *c, const phase *f) {
    const ledger *l = &c->ledger;
    uint64_t posted = c->posts - f->posts_before, arrived = l->seen.arrived - f->arrived_before;
    printf("{\"seconds\": %.4f, \"posts\": %lu, \"deliveries\": %lu, ", f->took, f->counted_posts, l->seen.counted);
    printf("\"server_seconds\": %.3f, \"core_seconds\": %.3f, ", f->server, f->core);
    printf("\"generator_seconds\": %.3f, ", f->own);
    printf("\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"p999_ms\": %.3f, \"slowest_ms\": %.3f, ", percentile(l, .5) / 1e3,
           percentile(l, .99) / 1e3, percentile(l, .999) / 1e3, l->seen.slowest / 1e3);
    printf("\"posted\": %lu, \"arrived\": %lu, \"lost\": %ld, ", posted, arrived, (long)(expected(c, posted) - arrived));
    printf("\"duplicates\": %lu, \"out_of_order\": %lu, \"foreign\": %lu, ", l->seen.duplicates - f->duplicates_before,
           l->seen.out_of_order - f->out_of_order_before, l->seen.foreign - f->foreign_before);
    printf("\"unacknowledged\": %ld, \"refused\": %lu, \"closed\": %u}\n",
           (long)unacknowledged(c), c->script.refused - f->refused_before, c->closed);
    fflush(stdout);
}

static void follow(crowd *c, const char *line, int pid, int core) {
    phase f = {.posts_before = c->posts,
               .arrived_before = c->ledger.seen.arrived,
               .duplicates_before = c->ledger.seen.duplicates,
               .out_of_order_before = c->ledger.seen.out_of_order,
               .foreign_before = c->ledger.seen.foreign,
               .refused_before = c->script.refused};
    char kind[16];
    double amount;
    if (sscanf(line, "%15s %lf %lf %lf %lf", kind, &amount, &f.warm, &f.seconds, &f.drain) != 5 || amount <= 0)
        fail("A phase is `rate POSTS_PER_SECOND WARM SECONDS DRAIN` or `window MESSAGES WARM SECONDS DRAIN`.");
    if (*kind == 'w')
        c->window = (uint32_t)amount;
    else
        f.rate = amount;
    if (!c->company.speakers)
        fail("Nobody speaks; see --speakers.");
    run(c, &f, pid, core);
    report(c, &f);
}

static void follow_input(crowd *c, int pid, int core) {
    char line[256];
    size_t used = 0;
    watch_input(c);
    for (;;) {
        turn(c, now() + 1000000);
        ssize_t got = read(STDIN_FILENO, line + used, sizeof line - 1 - used);
        if (got == 0)
            return;
        used += got > 0 ? (size_t)got : 0;
        line[used] = 0;
        char *end = strchr(line, '\n');
        if (!end)
            continue;
        *end = 0;
        follow(c, line, pid, core);
        used = 0;
    }
}

// --- the command line ---

static const struct option OPTIONS[] = {
    {"script", 1, 0, 's'},     {"port", 1, 0, 'p'}, {"people", 1, 0, 'n'},     {"rooms", 1, 0, 'r'},
    {"speakers", 1, 0, 'm'},   {"text", 1, 0, 't'}, {"connecting", 1, 0, 'c'}, {"pid", 1, 0, 'P'},
    {"core", 1, 0, 'o'},       {"second", 1, 0, 'q'}, {"random-nonces", 0, 0, 'x'}, {0}};

int main(int count, char **arguments) {
    options given = {.people = 1, .rooms = 1, .text = 100, .connecting = 64};
    int option;
    while ((option = getopt_long(count, arguments, "", OPTIONS, NULL)) != -1) {
        uint32_t number = optarg ? (uint32_t)atoi(optarg) : 0;
        switch (option) {
        case 's': given.script = optarg; break;
        case 'p': given.port = (int)number; break;
        case 'q': given.second = (int)number; break;
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
    crowd *c = calloc(1, sizeof *c);
    if (!c)
        fail("Out of memory.");
    c->port = given.port;
    c->second = given.second ? given.second : given.port;
    c->company = gather(given.people, given.rooms, given.speakers);
    c->script = read_script(given.script);
    c->script.text = given.text;
    c->script.random_nonces = given.random_nonces;
    c->ledger.company = &c->company;
    c->ledger.no_echo = c->script.wire.no_echo;
    open_loop(c);
    let_everyone_in(c, given.connecting);
    follow_input(c, given.pid, given.core);
    return 0;
}
