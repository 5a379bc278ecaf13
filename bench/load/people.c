// The people's sockets: connecting, the opening handshake, frames (RFC 6455) or plain lines, and the epoll loop.
#include "load.h"
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
static const unsigned char MASK[8] = {0x37, 0xfa, 0x21, 0x3d, 0x37, 0xfa, 0x21, 0x3d};

uint32_t ready, closed;
uint64_t posts;
static int loop, timer;
static person **due;
static size_t due_count;
static char chunk[LONGEST + PIECE], stream[LONGEST + PIECE];

static void keep(buffer *b, const char *bytes, size_t length) {
    if (b->used + length > b->capacity) {
        b->capacity = 2 * (b->used + length);
        b->bytes = realloc(b->bytes, b->capacity);
        if (!b->bytes)
            fail("Out of memory.");
    }
    memcpy(b->bytes + b->used, bytes, length);
    b->used += length;
}

static void watch(int fd, uint32_t events, int id, int how) {
    struct epoll_event event = {.events = events, .data.fd = id};
    if (epoll_ctl(loop, how, fd, &event))
        fail("epoll: %s.", strerror(errno));
}

static void hang_up(person *p) {
    if (p->state == CLOSED)
        return;
    ready -= p->state == READY;
    closed++;
    p->state = CLOSED;
    close(p->fd);
}

// --- speaking ---

static void put(person *p, const char *bytes, size_t length) {
    if (!p->out.used) {
        ssize_t taken = send(p->fd, bytes, length, MSG_NOSIGNAL);
        if (taken < 0 && errno != EAGAIN) {
            hang_up(p);
            return;
        }
        if (taken > 0)
            bytes += taken, length -= (size_t)taken;
        if (!length)
            return;
        watch(p->fd, EPOLLIN | EPOLLOUT, (int)p->id, EPOLL_CTL_MOD);
    }
    keep(&p->out, bytes, length);
}

size_t write_frame(char *into, const char *payload, size_t length, int opcode) {
    unsigned char *to = (unsigned char *)into;
    *to++ = (unsigned char)(0x80 | opcode);
    if (length < 126) {
        *to++ = (unsigned char)(0x80 | length);
    } else {
        *to++ = 0x80 | 126;
        *to++ = (unsigned char)(length >> 8);
        *to++ = (unsigned char)length;
    }
    memcpy(to, MASK, 4);
    to += 4;
    uint64_t mask, word;
    memcpy(&mask, MASK, 8);
    size_t i = 0;
    for (; i + 8 <= length; i += 8) {
        memcpy(&word, payload + i, 8);
        word ^= mask;
        memcpy(to + i, &word, 8);
    }
    for (; i < length; i++)
        to[i] = (unsigned char)payload[i] ^ MASK[i & 3];
    return (size_t)(to - (unsigned char *)into) + length;
}

static size_t pack(char *into, const char *message, size_t length, int opcode) {
    if (!spoken.raw)
        return write_frame(into, message, length, opcode);
    memcpy(into, message, length);
    return length;
}

void say(person *p, const char *message, size_t length) {
    static char frame[65536];
    if (length < 65000)
        put(p, frame, pack(frame, message, length, 1));
}

// Post messages, in one write.
void speak(person *p, uint32_t count, uint32_t at) {
    static char message[65536], frames[1 << 20];
    size_t used = 0;
    for (; count && p->state == READY && used + sizeof message < sizeof frames; count--) {
        p->sent++;
        p->in_flight++;
        posts++;
        used += pack(frames + used, message, write_post(message, p, at), 1);
    }
    if (used)
        put(p, frames, used);
}

void speak_again_later(person *p) {
    if (!p->due)
        due[due_count++] = p;
    p->due = true;
}

static void speak_again(void) {
    for (size_t i = 0; i < due_count; i++) {
        due[i]->due = false;
        if (due[i]->in_flight < window && !due[i]->out.used)
            speak(due[i], window - due[i]->in_flight, now());
    }
    due_count = 0;
}

// --- hearing ---

static void hear(person *p, const char *message, size_t length, uint32_t at) {
    const char *mark = find_mark(message, length);
    if (mark) {
        check(p, mark, at);
        return;
    }
    if (p->state == GREETING && greet(p, message, length)) {
        p->state = READY;
        ready++;
    } else {
        hear_other(p, message, length);
    }
}

static size_t hear_lines(person *p, char *from, size_t length, uint32_t at) {
    char *begin = from, *end;
    while (p->state != CLOSED && (end = memchr(begin, '\n', length - (size_t)(begin - from)))) {
        hear(p, begin, (size_t)(end + 1 - begin), at);
        begin = end + 1;
    }
    return (size_t)(begin - from);
}

// One frame's payload; where a server sends a stream of lines it joins what is in `stream`.
static void hear_frame(person *p, int first, char *payload, size_t length, size_t *streamed, uint32_t at) {
    int opcode = first & 15;
    if (opcode == 8) {
        fprintf(stderr, "person %u was sent away: %.*s\n", p->id, length > 2 ? (int)length - 2 : 0, payload + 2);
        hang_up(p);
    } else if (opcode == 9) {
        char pong[140];
        put(p, pong, write_frame(pong, payload, length & 127, 10));
    } else if (spoken.lines && opcode < 8) {
        if (*streamed + length > sizeof stream)
            fail("A line is longer than %d bytes.", LONGEST);
        memcpy(stream + *streamed, payload, length);
        *streamed += length;
    } else if (opcode < 8) {
        if (!(first & 128) || !opcode || first & 0x70)
            fail("The server sent a fragmented or compressed message, which nobody asked for.");
        hear(p, payload, length, at);
    }
}

static size_t hear_frames(person *p, char *from, size_t length, uint32_t at) {
    unsigned char *data = (unsigned char *)from;
    size_t begin = 0, streamed = p->line.used;
    if (streamed)
        memcpy(stream, p->line.bytes, streamed);
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
        hear_frame(p, data[begin], from + begin + head, size, &streamed, at);
        begin += head + size;
    }
    if (spoken.lines && p->state != CLOSED) {
        size_t heard = hear_lines(p, stream, streamed, at);
        p->line.used = 0;
        keep(&p->line, stream + heard, streamed - heard);
    }
    return begin;
}

static size_t shake_hands(person *p, char *from, size_t length) {
    char *end = memmem(from, length, "\r\n\r\n", 4);
    if (!end)
        return 0;
    if (!memmem(from, (size_t)(end - from), " 101 ", 5))
        fail("The server does not take the connection: %.*s", (int)length, from);
    p->state = GREETING;
    if (greet(p, NULL, 0))
        fail("A script waits for something, or nobody knows when its greeting is over.");
    return (size_t)(end + 4 - from);
}

static void on_readable(person *p) {
    size_t kept = p->rest.used, used = 0;
    if (kept)
        memcpy(chunk, p->rest.bytes, kept);
    ssize_t got = recv(p->fd, chunk + kept, PIECE, 0);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN)
            hang_up(p);
        return;
    }
    uint32_t at = now();
    size_t length = kept + (size_t)got;
    if (p->state == SHAKING)
        used = shake_hands(p, chunk, length);
    if (p->state >= GREETING)
        used += spoken.raw ? hear_lines(p, chunk, length, at) : hear_frames(p, chunk + used, length - used, at);
    if (length - used > LONGEST)
        fail("A frame is longer than %d bytes.", LONGEST);
    p->rest.used = 0;
    keep(&p->rest, chunk + used, length - used);
    speak_again();
}

static void on_writable(person *p) {
    if (p->state == CONNECTING) {
        int error = 0;
        getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof error});
        if (error)
            fail("Nobody can connect: %s.", strerror(error));
        watch(p->fd, EPOLLIN, (int)p->id, EPOLL_CTL_MOD);
        p->state = spoken.raw ? GREETING : SHAKING;
        if (spoken.raw) {
            greet(p, NULL, 0);
            return;
        }
        char request[2048];
        int size = snprintf(request, sizeof request,
                            "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                            "%s%s%s%s%s\r\n",
                            spoken.path, given.port, *spoken.subprotocol ? "Sec-WebSocket-Protocol: " : "",
                            spoken.subprotocol, *spoken.subprotocol ? "\r\n" : "", spoken.headers,
                            *spoken.headers ? "\r\n" : "");
        put(p, request, (size_t)size);
    } else if (p->out.used) {
        ssize_t taken = send(p->fd, p->out.bytes, p->out.used, MSG_NOSIGNAL);
        if (taken < 0) {
            if (errno != EAGAIN)
                hang_up(p);
            return;
        }
        p->out.used -= (size_t)taken;
        memmove(p->out.bytes, p->out.bytes + taken, p->out.used);
        if (!p->out.used) {
            watch(p->fd, EPOLLIN, (int)p->id, EPOLL_CTL_MOD);
            if (window && p->in_flight < window)
                speak_again_later(p);
        }
    }
}

// People come from several addresses, since one has too few ports for all of them.
void connect_person(person *p) {
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
    address.sin_port = htons((uint16_t)given.port);
    p->state = CONNECTING;
    watch(p->fd, EPOLLIN | EPOLLOUT, (int)p->id, EPOLL_CTL_ADD);
    if (connect(p->fd, (struct sockaddr *)&address, sizeof address) && errno != EINPROGRESS)
        fail("Nobody can connect: %s.", strerror(errno));
}

// --- the loop ---

void open_loop(void) {
    loop = epoll_create1(0);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    due = calloc(given.people, sizeof *due);
    if (loop < 0 || timer < 0 || !due)
        fail("epoll or a timer cannot be had: %s.", strerror(errno));
    watch(timer, EPOLLIN | EPOLLET, TIMER, EPOLL_CTL_ADD);
}

void watch_input(void) {
    fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
    watch(STDIN_FILENO, EPOLLIN | EPOLLET, INPUT, EPOLL_CTL_ADD);
}

void turn(uint32_t until) {
    struct epoll_event events[64];
    int32_t wait = (int32_t)(until - now());
    if (wait > 0) {
        struct itimerspec when = {.it_value = {wait / 1000000, (long)(wait % 1000000) * 1000}};
        timerfd_settime(timer, 0, &when, NULL);
    }
    int count = epoll_wait(loop, events, 64, wait > 0 ? -1 : 0);
    for (int i = 0; i < count; i++) {
        int id = events[i].data.fd;
        if (id < 0)
            continue;
        person *p = &people[id];
        if (p->state != CLOSED && events[i].events & (EPOLLOUT | EPOLLERR))
            on_writable(p);
        if (p->state != CLOSED && events[i].events & (EPOLLIN | EPOLLHUP))
            on_readable(p);
    }
}
