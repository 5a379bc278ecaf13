/** The little that the engine's tests need: names, comparisons, and a server that the test holds in its hand. */

/** @type {Map<string, () => unknown>} */
export const tests = new Map();

/** @param {string} name @param {() => unknown} run */
export function test(name, run) {
  tests.set(name, run);
}

/** @param {unknown} found @param {unknown} expected compared as JSON, in whatever order their fields are */
export function equal(found, expected) {
  const sorted = (_, value) => (value?.constructor === Object ? Object.fromEntries(Object.entries(value).sort()) : value);
  const [left, right] = [found, expected].map((one) => JSON.stringify(one, sorted));
  if (left !== right) throw new Error(`${left}\nis not\n${right}`);
}

/** A message, or another event of the garden. */
export function event(seq, fields = {}) {
  return { type: 'posted', room: 'garden', seq, at: 1000 + seq, by: 'Ann', text: `m${seq}`, ...fields };
}

/** A log with as many events, of which `kind` says what each is. */
export function log(count, kind = () => ({})) {
  return Array.from({ length: count }, (_, index) => event(index + 1, kind(index + 1)));
}

/** What `history` answers over a log; it counts how often it was asked. */
export function historyOf(events) {
  const ask = async (_, { before, after, around, limit = 50 }) => {
    ask.count += 1;
    let found = events.filter((one) => (before === undefined || one.seq < before) && (after === undefined || one.seq > after));
    if (around !== undefined) found = found.filter((one) => Math.abs(one.seq - around) <= limit / 2);
    found = after === undefined ? found.slice(-limit) : found.slice(0, limit);
    return { events: structuredClone(found), more: false };
  };
  ask.count = 0;
  return ask;
}

/** WebSockets that the test answers; `sockets` has each, in order. */
export function fakeSockets() {
  const sockets = [];
  globalThis.WebSocket = class {
    sent = [];
    constructor(url) {
      this.url = url;
      sockets.push(this);
    }
    send(text) {
      this.sent.push(JSON.parse(text));
    }
    close(code) {
      this.closed = code ?? 1000;
    }
    opens() {
      this.onopen();
    }
    says(frame) {
      this.onmessage({ data: JSON.stringify(frame) });
    }
  };
  return sockets;
}
