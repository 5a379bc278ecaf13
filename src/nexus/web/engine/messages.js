/** The messages of a room that are in memory, each once: timeline, pins, search hits and quotes show the same object. */

import { fold, rename } from './folding.js';

/** @typedef {import('./types.js').LogEvent} LogEvent */

/**
 * Every event that is read or heard goes through `take`, so that there is one object for each, and a change reaches it
 * wherever it is shown. An event that nothing shows any more is released: what is kept is bounded by what is shown.
 */
export class Messages {
  /** By seq. @type {Map<number, WeakRef<LogEvent>>} */
  #known = new Map();
  #sweepAbove = 500;

  /** A message that is shown somewhere. @param {number} seq */
  get(seq) {
    const event = this.#event(seq);
    return event?.type === 'posted' ? event : undefined;
  }

  /** The same events, each as the object that is known already, brought up to date. @param {LogEvent[]} events */
  take(events) {
    return events.map((event) => this.#takeOne(event));
  }

  /** @param {number} seq */
  #event(seq) {
    return this.#known.get(seq)?.deref();
  }

  /** @param {LogEvent} event */
  #takeOne(event) {
    const known = this.#event(event.seq);
    if (known === undefined) {
      this.#known.set(event.seq, new WeakRef(event));
      if (this.#known.size > this.#sweepAbove) this.#sweep();
      return event;
    }
    if (known !== event && (event.changed ?? 0) >= (known.changed ?? 0)) replace(known, event); // names may have changed
    return known;
  }

  #sweep() {
    for (const [seq, event] of this.#known) if (event.deref() === undefined) this.#known.delete(seq);
    this.#sweepAbove = 500 + 2 * this.#known.size;
  }

  /** An event about a message. @param {LogEvent} event */
  hear(event) {
    const message = this.get(event.target ?? 0);
    if (message !== undefined) fold(message, event);
  }

  /** An account has another name. @param {{from: string, to: string, guest?: boolean}} event */
  rename(event) {
    const known = [...this.#known.values()].map((one) => one.deref());
    rename(known.filter((one) => one !== undefined), event);
  }

  /** What comes before a seq has expired. @param {number} first */
  expire(first) {
    for (const seq of this.#known.keys()) if (seq < first) this.#known.delete(seq);
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
