/** A search over the rooms that one may read: what was asked, what was found, and whether there is more. */

import { Topic } from './draw.js';
import { Offline } from './connection.js';
import { fold, rename } from './folding.js';

/** @typedef {import('./types.js').LogEvent & {id?: number}} Hit a message, and its place among all messages */

/** How often it is asked on by itself, where the server looked through much and found nothing yet. */
const ASKED_ON = 20;

/** One search after the other; only the newest one's answer counts. */
export class Search {
  #asked = 0;
  /** What was asked last. */
  query = '';
  /** The room in which is searched, where it is only one. @type {string | undefined} */
  room;
  /** Newest first. @type {Hit[]} */
  hits = [];
  more = false;
  busy = false;
  /** Why there is no answer. @type {Error | null} */
  trouble = null;
  changes = new Topic();
  /** @type {number | undefined} */
  #next;

  /**
   * @param {(type: string, fields: object) => Promise<import('./types.js').Done>} ask
   * @param {(hit: Hit) => Hit} take gives for a message the one that is in memory already, where it is
   */
  constructor(ask, take = (hit) => hit) {
    this.ask = ask;
    this.take = take;
  }

  /** Nothing is searched. */
  clear() {
    this.#asked += 1;
    this.query = '';
    this.room = undefined;
    this.hits = [];
    this.more = this.busy = false;
    this.trouble = null;
    this.changes.changed();
  }

  /**
   * Look for something else.
   *
   * @param {string} query @param {string} [room] where it is searched in one room only
   */
  async find(query, room) {
    if (query === '') return this.clear();
    this.query = query;
    this.room = room;
    this.#next = undefined;
    return this.#read([]);
  }

  /** Older ones too. */
  further() {
    return this.busy ? Promise.resolve() : this.#read(this.hits);
  }

  /** A message was changed; it may be one of those that were found. @param {import('./types.js').LogEvent} event */
  hear(event) {
    const hit = this.hits.find((one) => one.seq === event.target && one.room === event.room);
    if (hit === undefined) return;
    fold(hit, event);
    this.hits = this.hits.filter((one) => !one.deleted);
    this.changes.changed();
  }

  /** What comes before a seq of a room has expired. @param {string} room @param {number} first */
  expire(room, first) {
    this.hits = this.hits.filter((one) => one.room !== room || one.seq >= first);
    this.changes.changed();
  }

  /** An account has another name. @param {{from: string, to: string, guest?: boolean}} event */
  rename(event) {
    if (this.hits.length === 0) return;
    rename(this.hits, event);
    this.changes.changed();
  }

  /** A room has another name. @param {string} before @param {string} name */
  move(before, name) {
    for (const hit of this.hits) if (hit.room === before) hit.room = name;
    if (this.room === before) this.room = name;
    this.changes.changed();
  }

  /** @param {Hit[]} known */
  async #read(known) {
    this.#asked += 1;
    const mine = this.#asked;
    this.busy = true;
    this.changes.changed();
    for (let again = ASKED_ON; this.busy; again -= 1) {
      const answer = await this.ask('search', { query: this.query, room: this.room, before: this.#next }).catch((why) => why);
      if (mine !== this.#asked) return;
      this.busy = again > 0 && answer.more && answer.hits?.length === 0;
      if (answer instanceof Error) this.#failed(answer);
      else this.#found(known, answer);
      this.changes.changed();
    }
  }

  /** @param {Error} why */
  #failed(why) {
    this.trouble = why;
    if (!(why instanceof Offline)) [this.hits, this.more] = [[], false];
  }

  /** @param {Hit[]} known @param {import('./types.js').Done} done */
  #found(known, done) {
    const hits = /** @type {Hit[]} */ (done.hits ?? []).map(this.take);
    this.trouble = null;
    this.hits = [...known, ...hits];
    this.more = done.more ?? false;
    this.#next = done.next;
  }
}
