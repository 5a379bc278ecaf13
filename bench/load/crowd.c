#include "crowd.h"
#include "frame.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { LONGEST = 8 << 20, PIECE = 256 << 10, TIMER = -1, INPUT = -2, ADDRESSES = 16 };

static void watch(const crowd *c, int fd, uint32_t events, int id, int how) {
    struct epoll_event event = {.events = events, .data.fd = id};
    if (epoll_ctl(c->loop, how, fd, &event))
        fail("epoll: %s.", strerror(errno));
}

static void hang_up(crowd *c, person *p) {
    if (p->state == CLOSED)
        return;
    c->ready -= p->state == READY;
    c->closed++;
    p->state = CLOSED;
    close(p->fd);
}

// --- speaking ---

static void put(crowd *c, person *p, const char *bytes, size_t length) {
    if (!p->out.used) {
        ssize_t taken = send(p->fd, bytes, length, MSG_NOSIGNAL);
        if (taken < 0 && errno != EAGAIN) {
            hang_up(c, p);
            return;
        }
        if (taken > 0)
            bytes += taken, length -= (size_t)taken;
        if (!length)
            return;
        watch(c, p->fd, EPOLLIN | EPOLLOUT, (int)p->id, EPOLL_CTL_MOD);
    }
    keep(&p->out, bytes, length);
}

static size_t pack(const crowd *c, char *into, const char *message, size_t length, int opcode) {
    if (!c->script.wire.raw)
        return write_frame(into, message, length, opcode);
    memcpy(into, message, length);
    return length;
}

static void say(crowd *c, person *p, const char *message, size_t length) {
    char frame[LONGEST_TEXT + 16];
    put(c, p, frame, pack(c, frame, message, length, 1));
}

void speak(crowd *c, person *p, uint32_t count, uint32_t at) {
    static char message[65536], frames[1 << 20];
    size_t used = 0;
    for (; count && p->state == READY && used + sizeof message < sizeof frames; count--) {
        p->sent++;
        p->in_flight++;
        c->posts++;
        used += pack(c, frames + used, message, write_post(&c->script, message, p, at), 1);
    }
    if (used)
        put(c, p, frames, used);
}

static void speak_again_later(crowd *c, person *p) {
    if (!p->due)
        c->due[c->due_count++] = p;
    p->due = true;
}

static void speak_again(crowd *c) {
    for (size_t i = 0; i < c->due_count; i++) {
        person *p = c->due[i];
        p->due = false;
        if (p->in_flight < c->window && !p->out.used)
            speak(c, p, c->window - p->in_flight, now());
    }
    c->due_count = 0;
}

// --- hearing ---

// Say all that comes next in the greeting, up to what has to be waited for.
static void greet(crowd *c, person *p) {
    char text[LONGEST_TEXT];
    for (size_t length; p->state != CLOSED && (length = next_greeting(&c->script, text, p));)
        say(c, p, text, length);
}

// True when the greeting is complete with this message.
static bool hear_greeting(crowd *c, person *p, const char *message, size_t length) {
    greet_with(&c->script, p, message, length);
    greet(c, p);
    if (p->state != GREETING || !has_greeted(&c->script, p))
        return false;
    p->state = READY;
    c->ready++;
    return true;
}

static void hear(crowd *c, person *p, const char *message, size_t length, uint32_t at) {
    const char *found = find_mark(&c->ledger, message, length);
    if (found) {
        person *sender = check(&c->ledger, p, found, at);
        if (!sender)
            return;
        sender->in_flight--;
        if (c->window)
            speak_again_later(c, sender);
        return;
    }
    if (p->state == GREETING && hear_greeting(c, p, message, length))
        return;
    char reply[1024];
    size_t size = answer_to(&c->script, reply, p, message, length);
    if (size)
        say(c, p, reply, size);
}

static size_t hear_lines(crowd *c, person *p, char *from, size_t length, uint32_t at) {
    char *begin = from, *end;
    while (p->state != CLOSED && (end = memchr(begin, '\n', length - (size_t)(begin - from)))) {
        hear(c, p, begin, (size_t)(end + 1 - begin), at);
        begin = end + 1;
    }
    return (size_t)(begin - from);
}

// One frame's payload; where a server sends a stream of lines it joins what is in `stream`.
static void hear_frame(crowd *c, person *p, int first, char *payload, size_t length, size_t *streamed, uint32_t at) {
    int opcode = first & 15;
    if (opcode == 8) {
        fprintf(stderr, "person %u was sent away: %.*s\n", p->id, length > 2 ? (int)length - 2 : 0, payload + 2);
        hang_up(c, p);
    } else if (opcode == 9) {
        char pong[140];
        put(c, p, pong, write_frame(pong, payload, length & 127, 10));
    } else if (c->script.wire.lines && opcode < 8) {
        if (*streamed + length > LONGEST + PIECE)
            fail("A line is longer than %d bytes.", LONGEST);
        memcpy(c->stream + *streamed, payload, length);
        *streamed += length;
    } else if (opcode < 8) {
        if (!(first & 128) || !opcode || first & 0x70)
            fail("The server sent a fragmented or compressed message, which nobody asked for.");
        hear(c, p, payload, length, at);
    }
}

static size_t hear_frames(crowd *c, person *p, char *from, size_t length, uint32_t at) {
    unsigned char *data = (unsigned char *)from;
    size_t begin = 0, streamed = p->line.used;
    if (streamed)
        memcpy(c->stream, p->line.bytes, streamed);
    while (p->state != CLOSED && length - begin >= 2) {
        size_t size = data[begin + 1], head = 2;
        if (size == 126) {
            head = 4;
            if (length - begin < head)
                break;
            size = (size_t)data[begin + 2] << 8 | data[begin + 3];
        } else if (size == 127) {
            head = 10;
            if (length - begin < head)
                break;
            size = 0;
            for (int i = 2; i < 10; i++)
                size = size << 8 | data[begin + (size_t)i];
        }
        if (length - begin - head < size)
            break;
        hear_frame(c, p, data[begin], from + begin + head, size, &streamed, at);
        begin += head + size;
    }
    if (c->script.wire.lines && p->state != CLOSED) {
        size_t heard = hear_lines(c, p, c->stream, streamed, at);
        p->line.used = 0;
        keep(&p->line, c->stream + heard, streamed - heard);
    }
    return begin;
}

static size_t shake_hands(crowd *c, person *p, char *from, size_t length) {
    char *end = memmem(from, length, "\r\n\r\n", 4);
    if (!end)
        return 0;
    if (!memmem(from, (size_t)(end - from), " 101 ", 5))
        fail("The server does not take the connection: %.*s", (int)length, from);
    p->state = GREETING;
    greet(c, p);
    if (has_greeted(&c->script, p))
        fail("A script waits for something, or nobody knows when its greeting is over.");
    return (size_t)(end + 4 - from);
}

static void on_readable(crowd *c, person *p) {
    char *chunk = c->chunk;
    size_t kept = p->rest.used, used = 0;
    if (kept)
        memcpy(chunk, p->rest.bytes, kept);
    ssize_t got = recv(p->fd, chunk + kept, PIECE, 0);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN)
            hang_up(c, p);
        return;
    }
    uint32_t at = now();
    size_t length = kept + (size_t)got;
    if (p->state == SHAKING)
        used = shake_hands(c, p, chunk, length);
    if (p->state >= GREETING)
        used += c->script.wire.raw ? hear_lines(c, p, chunk, length, at) : hear_frames(c, p, chunk + used, length - used, at);
    if (length - used > LONGEST)
        fail("A frame is longer than %d bytes.", LONGEST);
    p->rest.used = 0;
    keep(&p->rest, chunk + used, length - used);
    speak_again(c);
}

static void on_writable(crowd *c, person *p) {
    if (p->state == CONNECTING) {
        int error = 0;
        getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof error});
        if (error)
            fail("Nobody can connect: %s.", strerror(error));
        watch(c, p->fd, EPOLLIN, (int)p->id, EPOLL_CTL_MOD);
        p->state = c->script.wire.raw ? GREETING : SHAKING;
        if (c->script.wire.raw) {
            greet(c, p);
            return;
        }
        char request[2048];
        int size = snprintf(request, sizeof request,
                            "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                            "%s%s%s%s%s\r\n",
                            c->script.wire.path, c->port, *c->script.wire.subprotocol ? "Sec-WebSocket-Protocol: " : "",
                            c->script.wire.subprotocol, *c->script.wire.subprotocol ? "\r\n" : "", c->script.wire.headers,
                            *c->script.wire.headers ? "\r\n" : "");
        put(c, p, request, (size_t)size);
    } else if (p->out.used) {
        ssize_t taken = send(p->fd, p->out.bytes, p->out.used, MSG_NOSIGNAL);
        if (taken < 0) {
            if (errno != EAGAIN)
                hang_up(c, p);
            return;
        }
        p->out.used -= (size_t)taken;
        memmove(p->out.bytes, p->out.bytes + taken, p->out.used);
        if (!p->out.used) {
            watch(c, p->fd, EPOLLIN, (int)p->id, EPOLL_CTL_MOD);
            if (c->window && p->in_flight < c->window)
                speak_again_later(c, p);
        }
    }
}

// People come from several addresses, since one has too few ports for all of them.
void connect_person(crowd *c, person *p) {
    p->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (p->fd < 0)
        fail("Person %u gets no socket: %s.", p->id, strerror(errno));
    int yes = 1;
    setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(p->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + p->id % ADDRESSES);
    if (bind(p->fd, (struct sockaddr *)&address, sizeof address))
        fail("An address of 127.0.0.0/8 cannot be used: %s.", strerror(errno));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)((p->place + p->room) % 2 ? c->second : c->port));
    p->state = CONNECTING;
    watch(c, p->fd, EPOLLIN | EPOLLOUT, (int)p->id, EPOLL_CTL_ADD);
    if (connect(p->fd, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS)
        fail("Nobody can connect: %s.", strerror(errno));
}

// --- the loop ---

void open_loop(crowd *c) {
    c->loop = epoll_create1(0);
    c->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    c->due = calloc(c->company.count, sizeof *c->due);
    c->chunk = malloc(LONGEST + PIECE);
    c->stream = malloc(LONGEST + PIECE);
    if (!c->chunk || !c->stream || !c->due)
        fail("Out of memory.");
    if (c->loop < 0 || c->timer < 0)
        fail("epoll or a timer cannot be had: %s.", strerror(errno));
    watch(c, c->timer, EPOLLIN | EPOLLET, TIMER, EPOLL_CTL_ADD);
}

void watch_input(crowd *c) {
    fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
    watch(c, STDIN_FILENO, EPOLLIN | EPOLLET, INPUT, EPOLL_CTL_ADD);
}

void turn(crowd *c, uint32_t until) {
    struct epoll_event events[64];
    int32_t wait = (int32_t)(until - now());
    if (wait > 0) {
        struct itimerspec when = {.it_value = {wait / 1000000, (long)(wait % 1000000) * 1000}};
        timerfd_settime(c->timer, 0, &when, NULL);
    }
    int count = epoll_wait(c->loop, events, 64, wait > 0 ? -1 : 0);
    for (int i = 0; i < count; i++) {
        int id = events[i].data.fd;
        if (id < 0)
            continue;
        person *p = &c->company.people[id];
        if (p->state != CLOSED && events[i].events & (EPOLLOUT | EPOLLERR))
            on_writable(c, p);
        if (p->state != CLOSED && events[i].events & (EPOLLIN | EPOLLHUP))
            on_readable(c, p);
    }
}
