/** The replies to one message: what was said to it, oldest first, and whether there is more before. */

import { Topic } from './draw.js';
import { Offline } from './connection.js';

/** @typedef {import('./types.js').LogEvent} LogEvent */
/** @typedef {import('./room.js').Room} Room */

/** One message after the other; only the newest one's answer counts. */
export class Replies {
  #asked = 0;
  /** @type {Room | null} */
  room = null;
  seq = 0;
  /** The message itself, once it is there. @type {LogEvent | undefined} */
  about;
  /** @type {LogEvent[]} */
  events = [];
  more = false;
  busy = false;
  /** Why there is no answer. @type {Error | null} */
  trouble = null;
  changes = new Topic();

  /** @param {(type: string, fields: object) => Promise<import('./types.js').Done>} ask */
  constructor(ask) {
    this.ask = ask;
  }

  /** Nothing is looked at. */
  clear() {
    this.#asked += 1;
    this.room = null;
    this.about = undefined;
    [this.events, this.more, this.busy, this.trouble] = [[], false, false, null];
    this.changes.changed();
  }

  /** Look at a message's. @param {Room} room @param {number} seq */
  async open(room, seq) {
    this.clear();
    [this.room, this.seq] = [room, seq];
    this.about = room.message(seq);
    const mine = this.#asked;
    const page = this.#read();
    if (this.about === undefined) {
      const done = await this.ask('history', { room: room.name, around: seq, limit: 1 }).catch(() => null);
      if (mine === this.#asked) this.about = room.messages.take(done?.events ?? []).find((event) => event.seq === seq);
    }
    await page;
  }

  /** Older ones too. */
  further() {
    return this.busy ? Promise.resolve() : this.#read(this.events[0]?.seq);
  }

  /** Something new in a room, which may be one of them, or about one. @param {Room} room @param {LogEvent} event */
  hear(room, event) {
    if (room !== this.room) return;
    if (event.type === 'posted' && event.reply_to === this.seq) this.events = [...this.events, event];
    this.events = this.events.filter((one) => !one.deleted);
    this.changes.changed();
  }

  /** What comes before a seq of a room has expired. @param {string} name @param {number} first */
  expire(name, first) {
    if (name !== this.room?.name) return;
    if (this.about !== undefined && this.about.seq < first) this.about = undefined;
    this.events = this.events.filter((one) => one.seq >= first);
    this.changes.changed();
  }

  /** @param {number} [before] */
  async #read(before) {
    const { room } = this;
    if (room === null) return;
    const mine = this.#asked;
    this.busy = true;
    this.changes.changed();
    const answer = await this.ask('replies', { room: room.name, seq: this.seq, before }).catch((why) => why);
    if (mine !== this.#asked) return;
    this.busy = false;
    if (answer instanceof Error) {
      this.trouble = answer;
      if (!(answer instanceof Offline)) this.more = false;
    } else {
      const found = room.messages.take(answer.events ?? []);
      const known = new Set(found.map((one) => one.seq));
      this.trouble = null;
      this.events = [...found, ...this.events.filter((one) => !known.has(one.seq))].sort((a, b) => a.seq - b.seq);
      this.more = answer.more ?? false;
    }
    this.changes.changed();
  }
}

/** How many of these events reply to each message. @param {LogEvent[]} events @returns {Map<number, number>} */
export function repliesIn(events) {
  const counts = new Map();
  for (const { reply_to: to, deleted } of events) if (to !== undefined && !deleted) counts.set(to, (counts.get(to) ?? 0) + 1);
  return counts;
}
