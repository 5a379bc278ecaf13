/** The stretch of a room's log that the page shows: no hole in it, bounded, grows at the end one looks at. */

import { AMENDING, amend, rename } from './folding.js';

/** Events that a stretch holds at most; and where it follows the newest, before and after the oldest are cut off. */
export const MOST = 300;
const FOLLOWING = 160;
const SHORT = 80;

/** Events of a page of history. */
export const PAGE = 40;

/** @typedef {import('./types.js').LogEvent} LogEvent */

/** A part of a room's log. */
export class Stretch {
  /** @type {LogEvent[]} */
  events = [];
  /** Whether there is more before it. */
  older = false;
  /** Whether there is more after it; where not, new events are added as they come. */
  newer = false;
  /** Whether it has been filled; an empty room's stays empty. */
  filled = false;

  get first() {
    return this.events[0]?.seq ?? 0;
  }

  get last() {
    return this.events.at(-1)?.seq ?? 0;
  }

  /**
   * Show these instead.
   *
   * @param {LogEvent[]} events @param {number} head the room's newest seq
   */
  begin(events, head) {
    this.events = [...events];
    this.filled = true;
    this.older = this.first > 1;
    this.newer = this.events.length > 0 && this.last < head;
  }

  /** Nothing is known any more. */
  clear() {
    this.events = [];
    this.older = this.newer = this.filled = false;
  }

  /**
   * A new event of the room.
   *
   * @param {LogEvent} event
   * @param {boolean} following whether the newest is what one looks at
   */
  hear(event, following) {
    if (AMENDING.has(event.type)) amend(this.events, event); // a message read from history is not the view's own
    if (this.newer || !this.filled || event.seq <= this.last) return;
    if (this.last && event.seq !== this.last + 1) {
      if (following) this.begin([event], event.seq); // what was skipped is found by looking back
      else this.newer = true;
    } else if (following || this.events.length < MOST) {
      this.events.push(event);
      if (following && this.events.length > FOLLOWING) this.#cutOldest(SHORT);
    } else {
      this.newer = true;
    }
  }

  /**
   * Older events, as a page of history or memory has them.
   *
   * @param {LogEvent[]} events
   */
  before(events) {
    const first = this.first;
    const fresh = events.filter((event) => event.seq < first);
    if (fresh.length > 0 && fresh.at(-1)?.seq !== first - 1) return;
    this.events.unshift(...fresh);
    this.older = fresh.length > 0 && this.first > 1;
    if (this.events.length > MOST) {
      this.events.length = MOST;
      this.newer = true;
    }
  }

  /**
   * Newer events; up to the head they end the search.
   *
   * @param {LogEvent[]} events @param {number} head the room's newest seq
   */
  after(events, head) {
    const fresh = events.filter((event) => event.seq > this.last);
    if (fresh.length > 0 && fresh[0].seq !== this.last + 1) return;
    this.events.push(...fresh);
    this.newer = this.last < head && fresh.length > 0;
    this.#cutOldest(MOST);
  }

  /** One begins to look at its end: a page is enough, and soon drawn. */
  shorten() {
    this.#cutOldest(PAGE);
  }

  /** @param {number} most */
  #cutOldest(most) {
    if (this.events.length <= most) return;
    this.events.splice(0, this.events.length - most);
    this.older = true;
  }

  /**
   * An account has another name.
   *
   * @param {{from: string, to: string, guest?: boolean}} event
   */
  rename(event) {
    rename(this.events, event);
  }
}

/**
 * Events of a view without a hole that end at a seq or before it, the newest of them first cut to a page.
 *
 * @param {LogEvent[]} events ascending @param {number} before
 */
export function runBefore(events, before) {
  let end = events.length;
  while (end > 0 && events[end - 1].seq >= before) end -= 1;
  if (end === 0 || events[end - 1].seq !== before - 1) return [];
  let start = end - 1;
  while (start > 0 && end - start < PAGE && events[start - 1].seq === events[start].seq - 1) start -= 1;
  return events.slice(start, end);
}

/**
 * Events of a view without a hole that begin right after a seq.
 *
 * @param {LogEvent[]} events ascending @param {number} after
 */
export function runAfter(events, after) {
  const start = events.findIndex((event) => event.seq > after);
  if (start < 0 || events[start].seq !== after + 1) return [];
  let end = start + 1;
  while (end < events.length && end - start < PAGE && events[end].seq === events[end - 1].seq + 1) end += 1;
  return events.slice(start, end);
}
