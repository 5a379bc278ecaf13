/** Sends what waits: per room one after the other, so that the order is the one in which it was said. */

import { Offline, Refusal } from './connection.js';
import * as drafts from './drafts.js';
import { TAB } from './outbox.js';
import { shared } from './keep.js';

/** Who hears of what one did that can be taken back, by the number of the act. */
export const acts = { hear: (/** @type {number} */ _) => {} };

/** Carries what is said from the outbox to the server. */
export class Sending {
  /** @type {Set<string>} rooms with something on its way */
  #busy = new Set();
  /** @type {Set<string> | null} tabs that are open, where the browser tells */
  #alive = null;

  /**
   * @param {import('./outbox.js').Outbox} outbox
   * @param {import('./connection.js').Connection} connection
   * @param {import('./rooms.js').Rooms} rooms
   */
  constructor(outbox, connection, rooms) {
    this.outbox = outbox;
    this.connection = connection;
    this.rooms = rooms;
  }

  /** Take over what closed tabs left, then send. */
  async adopt() {
    this.#alive = await tabs();
    const alive = (/** @type {string} */ tab) => this.#alive?.has(tab) ?? false;
    this.outbox.adopt(alive);
    for (const room of drafts.adopt(alive)) this.rooms.get(room)?.drafted.changed();
    for (const room of this.outbox.rooms()) this.rooms.get(room)?.changes.changed();
    this.sendAll();
  }

  /** Send whatever can be sent now. */
  sendAll() {
    for (const name of this.outbox.rooms()) {
      const room = this.rooms.get(name);
      if (room !== undefined && !room.joined && this.connection.online) this.rooms.joinAgain(room); // which sends it
      else void this.send(name);
    }
  }

  /**
   * Send what waits in a room, one after the other.
   *
   * @param {string} room
   */
  async send(room) {
    if (this.#busy.has(room)) return;
    this.#busy.add(room);
    try {
      for (let next = this.#next(room); next !== undefined; next = this.#next(room)) await this.#say(next);
    } catch (why) {
      if (!(why instanceof Offline)) throw why; // it goes on with the next connection
    } finally {
      this.#busy.delete(room);
    }
  }

  /** @param {string} room */
  #next(room) {
    return this.connection.online && this.rooms.get(room)?.joined ? this.outbox.next(room) : undefined;
  }

  /** @param {import('./outbox.js').Waiting} waiting */
  async #say({ nonce, room, verb, target, text, emoji, reply_to }) {
    this.outbox.says(nonce);
    try {
      const done = await this.connection.ask(verb ?? 'post', { room, seq: target, text, emoji, nonce, reply_to }, nonce);
      this.outbox.stored(nonce, done.seq ?? 0);
      if (done.act !== undefined) acts.hear(done.act);
      this.outbox.seen(room, this.rooms.get(room)?.view.head ?? 0); // a retry's event may be there already
    } catch (why) {
      if (!(why instanceof Refusal)) throw why;
      if (why.code === 'not_joined') return this.#enter(room);
      if (why.retryAfter === undefined) this.#refused(nonce, text, why.message);
      else await new Promise((resolve) => setTimeout(resolve, (why.retryAfter ?? 1) * 1000));
    }
    this.rooms.get(room)?.changes.changed();
  }

  /**
   * A text is kept until the person decides; anything else is told and done with.
   *
   * @param {string} nonce @param {string | undefined} text @param {string} why
   */
  #refused(nonce, text, why) {
    if (text !== undefined) {
      this.outbox.refused(nonce, why);
    } else {
      this.outbox.discard(nonce);
      this.rooms.client.tell(why);
    }
  }

  /** The room was left elsewhere; once one is in it again this is called again. @param {string} name */
  #enter(name) {
    const room = this.rooms.get(name);
    if (room === undefined) return;
    room.joined = false;
    this.rooms.joinAgain(room);
  }
}

/** The tabs that hold their lock; null where the browser has no locks (a page without TLS from elsewhere). */
async function tabs() {
  if (navigator.locks === undefined) return null;
  const { held } = await navigator.locks.query();
  return new Set((held ?? []).map((lock) => lock.name?.replace('nexus.tab.', '') ?? ''));
}

/** From now on other tabs can tell that this one is there; when it goes it says so. */
export function showTab() {
  void navigator.locks?.request(`nexus.tab.${TAB}`, () => new Promise(() => {}));
  addEventListener('pagehide', () => shared.set('left', `${TAB} ${Date.now()}`));
}
