/** The stretch of a room's log that the page shows: no hole in it, bounded, grows at the end one looks at. */

/** Events that a timeline shows; a newer server may have more, and what is about a message is shown in that. */
export const SHOWN = new Set(['posted', 'joined', 'left', 'removed', 'promoted', 'purged', 'restored', 'destroyed', 'revived', 'configured']);

/** Shown events that a stretch holds at most; and where it follows the newest, before and after the oldest are cut off. */
export const MOST = 300;
const FOLLOWING = 160;
const SHORT = 80;

/** Events of a page of history. */
export const PAGE = 40;

/** @typedef {import('./types.js').LogEvent} LogEvent */

/** A part of a room's log: it reaches from `first` to `last`, and holds those of its events that are shown. */
export class Stretch {
  /** @type {LogEvent[]} */
  events = [];
  first = 0;
  last = 0;
  /** Where the room begins: what comes before that has expired. */
  begins = 1;
  /** Whether there is more after it; where not, new events are added as they come. */
  newer = false;
  /** Whether it has been filled; an empty room's stays empty. */
  filled = false;
  /** Whether it is what was kept the last time, until the server says what there is. */
  kept = false;
  /** Which filling this is; what is drawn of an earlier one says nothing about this one. */
  filling = 0;

  /** Whether there is more before it. */
  get older() {
    return this.first > this.begins;
  }

  /**
   * Show these instead.
   *
   * @param {LogEvent[]} events @param {number} head the room's newest seq
   */
  begin(events, head) {
    this.events = events.filter(isShown);
    this.first = events[0]?.seq ?? 0;
    this.last = events.at(-1)?.seq ?? 0;
    this.filled = true;
    this.kept = false;
    this.filling += 1;
    this.newer = events.length > 0 && this.last < head;
  }

  /** Nothing is known any more. */
  clear() {
    this.events = [];
    this.first = this.last = 0;
    this.newer = this.filled = this.kept = false;
    this.filling += 1;
  }

  /** What comes before a seq has expired. @param {number} first */
  expire(first) {
    this.begins = first;
    if (this.filled && this.first > 0 && this.last < first) this.clear();
    this.events = this.events.filter((event) => event.seq >= first);
    if (this.first > 0) this.first = Math.max(this.first, first);
  }

  /**
   * A new event of the room.
   *
   * @param {LogEvent} event
   * @param {boolean} following whether the newest is what one looks at
   */
  hear(event, following) {
    if (this.newer || !this.filled || event.seq <= this.last) return;
    if (this.last && event.seq !== this.last + 1) {
      if (following) this.begin([event], event.seq); // what was skipped is found by looking back
      else this.newer = true;
    } else if (!isShown(event)) {
      this.#reach(event.seq);
    } else if (following || this.events.length < MOST) {
      this.#reach(event.seq);
      this.events.push(event);
      if (following && this.events.length > FOLLOWING) this.#cutOldest(SHORT);
    } else {
      this.newer = true;
    }
  }

  /** @param {number} seq */
  #reach(seq) {
    this.first ||= seq;
    this.last = seq;
  }

  /**
   * Older events, as a page of history or memory has them.
   *
   * @param {LogEvent[]} events
   */
  before(events) {
    const fresh = events.filter((event) => event.seq < this.first);
    if (events.length === 0 && this.filled) this.first = this.begins; // the server has nothing before it
    if (fresh.at(-1)?.seq !== this.first - 1) return;
    this.events.unshift(...fresh.filter(isShown));
    this.first = fresh[0].seq;
    if (this.events.length > MOST) {
      this.events.length = MOST;
      this.last = this.events[MOST - 1].seq;
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
    this.events.push(...fresh.filter(isShown));
    if (fresh.length > 0) this.#reach(fresh[fresh.length - 1].seq);
    this.newer = this.last < head && fresh.length > 0;
    this.#cutOldest(MOST);
  }

  /** Whether it reaches over a seq. @param {number} seq */
  covers(seq) {
    return this.filled && this.events.length > 0 && this.first <= seq && seq <= this.last;
  }

  /** The last event up to a seq that is shown, or else the first after it. @param {number} seq */
  nearest(seq) {
    return this.events.findLast((event) => event.seq <= seq) ?? this.events[0];
  }

  /** One begins to look at its end: a page is enough, and soon drawn. */
  shorten() {
    this.#cutOldest(PAGE);
  }

  /** @param {number} most */
  #cutOldest(most) {
    if (this.events.length <= most) return;
    this.events.splice(0, this.events.length - most);
    this.first = this.events[0].seq;
  }
}

/** @param {LogEvent} event */
function isShown(event) {
  return SHOWN.has(event.type);
}

/**
 * Events of a view without a hole that end right before a seq, the newest of them: a page of those that are shown.
 *
 * @param {LogEvent[]} events ascending @param {number} before
 */
export function runBefore(events, before) {
  let end = events.length;
  while (end > 0 && events[end - 1].seq >= before) end -= 1;
  if (end === 0 || events[end - 1].seq !== before - 1) return [];
  let start = end - 1;
  let shown = Number(isShown(events[start]));
  while (start > 0 && shown < PAGE && events[start - 1].seq === events[start].seq - 1) {
    start -= 1;
    shown += Number(isShown(events[start]));
  }
  return events.slice(start, end);
}

/**
 * Events of a view without a hole that begin right after a seq: a page of those that are shown.
 *
 * @param {LogEvent[]} events ascending @param {number} after
 */
export function runAfter(events, after) {
  const start = events.findIndex((event) => event.seq > after);
  if (start < 0 || events[start].seq !== after + 1) return [];
  let end = start + 1;
  let shown = Number(isShown(events[start]));
  while (end < events.length && shown < PAGE && events[end].seq === events[end - 1].seq + 1) {
    shown += Number(isShown(events[end]));
    end += 1;
  }
  return events.slice(start, end);
}
