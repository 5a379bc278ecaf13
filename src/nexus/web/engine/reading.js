/** Reads history into a room's stretch: from memory where it is there, else from the server. */

import { PAGE, runAfter, runBefore } from './stretch.js';
import { Offline, Refusal } from './connection.js';

/** @typedef {import('./room.js').Room} Room */

/** Shown events that are worth a page; and pages of the longest size that are read at once to find them. */
const FEW = 10;
const LONG = 200;
const FARTHEST = 100;

/** Fills what one looks at. */
export class Reading {
  /** @param {(type: string, fields: object) => Promise<import('./types.js').Done>} ask */
  constructor(ask) {
    this.ask = ask;
  }

  /**
   * The newest messages.
   *
   * @param {Room} room
   */
  async newest(room) {
    const { view, stretch } = room;
    const known = view.last === null ? [] : runBefore(view.events, view.last.seq + 1);
    if (known.length >= PAGE / 2 || (known.length > 0 && known[0].seq === view.first)) {
      stretch.begin(known, view.last?.seq ?? 0);
      room.changes.changed();
    } else {
      await this.#read(room, 'newest', {}, (events) => {
        stretch.begin(events, 0);
        this.#meet(room);
      });
    }
    if (stretch.filled && stretch.events.length < FEW) await this.older(room);
  }

  /**
   * What is around an event.
   *
   * @param {Room} room @param {number} seq
   */
  async around(room, seq) {
    const { stretch } = room;
    await this.#read(room, 'around', { around: seq }, (events) => {
      stretch.begin(events, room.view.head);
      this.#meet(room);
    });
    if (stretch.filled && stretch.events.length < FEW) await Promise.all([this.older(room), this.newer(room)]);
  }

  /**
   * More before what is shown; where many events in a row are about earlier messages, farther back.
   *
   * @param {Room} room
   */
  older(room) {
    const { stretch } = room;
    const { first } = stretch;
    const gained = () => stretch.events.filter((event) => event.seq < first).length;
    return this.#extend(gained, () => stretch.older && stretch.first, (limit) => this.#olderPage(room, limit));
  }

  /**
   * More after what is shown; where many events in a row are about earlier messages, farther on.
   *
   * @param {Room} room
   */
  newer(room) {
    const { stretch } = room;
    const { last } = stretch;
    const gained = () => stretch.events.filter((event) => event.seq > last).length;
    return this.#extend(gained, () => stretch.newer && stretch.last, (limit) => this.#newerPage(room, limit));
  }

  /**
   * Read pages until enough more is shown.
   *
   * @param {() => number} gained how much more is shown by now
   * @param {() => number | false} edge from where to read on; false where there is no more
   * @param {(limit: number) => Promise<void>} readPage
   */
  async #extend(gained, edge, readPage) {
    let at = edge();
    for (let pages = 0; at !== false && pages < FARTHEST && gained() < FEW; pages += 1) {
      const before = at;
      await readPage(pages === 0 ? PAGE : LONG);
      at = edge();
      if (at === before) return; // offline, or being read already
    }
  }

  /** Messages are not what they were: read those that are in memory once more. @param {Room} room @param {number[]} seqs */
  async again(room, seqs) {
    for (const seq of seqs) {
      if (room.message(seq) === undefined) continue;
      const done = await this.ask('history', { room: room.name, around: seq, limit: 1 }).catch(() => null);
      room.messages.take(done?.events ?? []);
    }
    room.changes.changed();
  }

  /** @param {Room} room @param {number} limit */
  #olderPage(room, limit) {
    const { view, stretch } = room;
    const known = runBefore(view.events, stretch.first);
    if (known.length > 0) {
      stretch.before(known);
      room.changes.changed();
      return Promise.resolve();
    }
    return this.#read(room, 'older', { before: stretch.first, limit }, (events) => stretch.before(events));
  }

  /** @param {Room} room @param {number} limit */
  #newerPage(room, limit) {
    const { view, stretch } = room;
    const known = runAfter(view.events, stretch.last);
    if (known.length > 0) {
      stretch.after(known, view.head);
      room.changes.changed();
      return Promise.resolve();
    }
    return this.#read(room, 'newer', { after: stretch.last, limit }, (events) => {
      stretch.after(events, view.head);
      this.#meet(room);
    });
  }

  /**
   * What came while a page was on its way is in the view.
   *
   * @param {Room} room
   */
  #meet({ view, stretch }) {
    let known = runAfter(view.events, stretch.last);
    while (known.length > 0 && !stretch.newer) {
      stretch.after(known, 0);
      known = runAfter(view.events, stretch.last);
    }
    stretch.newer = stretch.last < view.head;
  }

  /**
   * @param {Room} room
   * @param {'older' | 'newer' | 'newest' | 'around'} what
   * @param {object} where
   * @param {(events: import('./types.js').LogEvent[]) => void} take
   */
  async #read(room, what, where, take) {
    if (room.reading.has(what)) return;
    room.reading.add(what);
    room.changes.changed();
    try {
      const done = await this.ask('history', { room: room.name, limit: PAGE, ...where });
      if ((done.first ?? 1) > room.view.first) room.view.apply({ type: 'expired', first: done.first });
      take(room.messages.take((done.events ?? []).filter((event) => event.seq >= room.view.first)));
    } catch (why) {
      if (why instanceof Refusal) room.trouble = why.message;
      else if (!(why instanceof Offline)) throw why; // asked again when one looks there again
    } finally {
      room.reading.delete(what);
      room.changes.changed();
    }
  }
}
