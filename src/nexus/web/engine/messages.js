/** The messages of a room that are in memory, each once, whoever shows them: timeline, pins, hits of a search, quotes. */

import { fold, rename } from './folding.js';

/** @typedef {import('./types.js').LogEvent} LogEvent */

/**
 * Whatever is read or heard goes through `take`, so that all hold the same object, and what is heard of a message is
 * told to that one. A message that nobody shows any more is let go.
 */
export class Messages {
  /** @type {Map<number, WeakRef<LogEvent>>} */
  #known = new Map();
  #sweepAbove = 500;

  /** A message that someone shows. @param {number} seq */
  get(seq) {
    return this.#known.get(seq)?.deref();
  }

  /** Events, in which each message is the one that is known. @param {LogEvent[]} events */
  take(events) {
    return events.map((event) => (event.type === 'posted' ? this.#one(event) : event));
  }

  /** @param {LogEvent} message */
  #one(message) {
    const known = this.get(message.seq);
    if (known === undefined) {
      this.#known.set(message.seq, new WeakRef(message));
      if (this.#known.size > this.#sweepAbove) this.#sweep();
      return message;
    }
    if ((message.changed ?? 0) > (known.changed ?? 0)) replace(known, message);
    return known;
  }

  #sweep() {
    for (const [seq, message] of this.#known) if (message.deref() === undefined) this.#known.delete(seq);
    this.#sweepAbove = 500 + 2 * this.#known.size;
  }

  /** An event about a message. @param {LogEvent} event */
  hear(event) {
    const message = this.get(event.target ?? 0);
    if (message !== undefined) fold(message, event);
  }

  /** An account has another name. @param {{from: string, to: string, guest?: boolean}} event */
  rename(event) {
    const messages = [...this.#known.values()].map((message) => message.deref());
    rename(messages.filter((message) => message !== undefined), event);
  }

  /** Nothing is known any more. */
  clear() {
    this.#known.clear();
  }
}

/** Make one object what another is. @param {any} known @param {any} now */
function replace(known, now) {
  for (const field of Object.keys(known)) if (!(field in now)) delete known[field];
  Object.assign(known, now);
}
