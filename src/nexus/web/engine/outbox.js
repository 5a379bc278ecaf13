/**
 * What is on its way: messages, and what one does to messages. Each keeps its nonce until the server says that it is
 * stored, also over a reload; sending it again changes nothing but that it arrives. Per room they go one after the
 * other, so that their order holds.
 */

import { ofTab, shared } from './keep.js';

/** What waits in one room, at most. */
export const MOST = 100;

/** @typedef {'edit' | 'delete' | 'react' | 'unreact' | 'pin' | 'unpin'} Verb what one does to a message */

/** @typedef {{text?: string, reply_to?: number, verb?: Verb, target?: number, emoji?: string}} Said */

/**
 * @typedef {object} Waiting a message, or a change of one, that is not known to be stored, or not yet seen in its room
 * @property {string} nonce
 * @property {string} room
 * @property {Verb} [verb] what is done to the message `target`; without one it is a message itself
 * @property {number} [target]
 * @property {string} [text]
 * @property {string} [emoji]
 * @property {number} [reply_to]
 * @property {string} by the identity whose message it is
 * @property {boolean} guest whether that was a guest then, whom the server takes for another author
 * @property {string} tab the tab that sends it
 * @property {number} at when it was written, UTC in milliseconds
 * @property {boolean} [said] whether a server may have it already: then it can no longer be taken back
 * @property {string} [refused] why the server does not take it
 * @property {number} [seq] where it is stored; its event is about to come
 */

const BEGINS = 'out.';

/**
 * Why a message waits for the person: it was written before they logged in, and nobody knows whether it was stored
 * then. Sent by another author it might be there twice.
 */
export const OTHER_AUTHOR = 'other author';

/** @param {number} count */
function random(count) {
  return [...crypto.getRandomValues(new Uint8Array(count))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {number} number @param {number} width */
function hex(number, width) {
  return number.toString(16).padStart(width, '0');
}

/** This tab's own id, the same after a reload. */
export const TAB = ofTab.get('tab', random(6));
ofTab.set('tab', TAB);

/** Keeps messages, oldest first. */
export class Outbox {
  #client = random(5);
  #count = 0;
  /** @type {Map<string, Waiting>} */
  #waiting = new Map();

  /** @param {import('./conversation.js').Identity} who whose messages these are */
  constructor(who) {
    this.who = who;
  }

  /**
   * Take over what tabs left that are no more, this one's own before its reload among them.
   *
   * @param {(tab: string) => boolean} alive whether a tab is still there to send its own
   */
  adopt(alive) {
    for (const nonce of shared.names(BEGINS)) {
      const found = shared.get(BEGINS + nonce, /** @type {Waiting | null} */ (null));
      if (found === null || found.by !== this.who.id || this.#waiting.has(nonce)) continue;
      if (found.tab !== TAB && alive(found.tab)) continue;
      const refused = found.guest === this.who.guest ? found.refused : OTHER_AUTHOR;
      if (refused === OTHER_AUTHOR && found.text === undefined) shared.set(BEGINS + nonce, undefined);
      else this.#keep({ ...found, refused, tab: TAB });
    }
  }

  /**
   * Take what is said; it waits until `stored`. Undefined where too much waits in that room.
   *
   * @param {string} room @param {Said} said
   */
  add(room, said) {
    if (this.#in(room).length >= MOST) return undefined;
    this.#count += 1;
    const at = Date.now();
    const nonce = hex(at, 12) + this.#client + hex(this.#count & 0xffffff, 6); // the time first: cheap to look up
    return this.#keep({ ...said, nonce, room, by: this.who.id, guest: this.who.guest, tab: TAB, at });
  }

  /** @param {Waiting} waiting */
  #keep(waiting) {
    this.#waiting.set(waiting.nonce, waiting);
    shared.set(BEGINS + waiting.nonce, waiting);
    return waiting;
  }

  /** @param {string} room */
  #in(room) {
    return [...this.#waiting.values()].filter((one) => one.room === room);
  }

  /**
   * A room's messages, oldest first.
   *
   * @param {string} room
   * @returns {Waiting[]}
   */
  of(room) {
    return this.#in(room).filter((one) => one.verb === undefined);
  }

  /**
   * What is about to be done to a room's messages, by their seq, oldest first.
   *
   * @param {string} room
   * @returns {Map<number, Waiting[]>}
   */
  changesIn(room) {
    const changes = new Map();
    for (const one of this.#in(room)) {
      if (one.target !== undefined) changes.set(one.target, [...(changes.get(one.target) ?? []), one]);
    }
    return changes;
  }

  /** The rooms in which something is to be sent. */
  rooms() {
    return new Set([...this.#waiting.values()].filter(unsent).map((one) => one.room));
  }

  /**
   * What is to be sent next in a room.
   *
   * @param {string} room
   */
  next(room) {
    return this.#in(room).find(unsent);
  }

  /** It is about to go over the line. @param {string} nonce */
  says(nonce) {
    const waiting = this.#waiting.get(nonce);
    if (waiting !== undefined && !waiting.said) this.#keep({ ...waiting, said: true });
  }

  /** Whether nothing waits to be stored. */
  get empty() {
    return this.rooms().size === 0;
  }

  /**
   * The server has stored it under that seq; it is shown until its event comes.
   *
   * @param {string} nonce @param {number} seq
   */
  stored(nonce, seq) {
    const waiting = this.#waiting.get(nonce);
    if (waiting !== undefined) this.#waiting.set(nonce, { ...waiting, seq });
    shared.set(BEGINS + nonce, undefined);
  }

  /** A new connection brings the events of all that is stored. */
  greeted() {
    for (const one of [...this.#waiting.values()]) if (one.seq !== undefined) this.#waiting.delete(one.nonce);
  }

  /**
   * A room's events are seen up to that seq: what is stored there needs no showing of its own.
   *
   * @param {string} room @param {number} seq
   */
  seen(room, seq) {
    for (const one of this.#in(room)) if ((one.seq ?? Infinity) <= seq) this.#waiting.delete(one.nonce);
  }

  /** A room has another name: what is for it goes there, and nowhere else. @param {string} before @param {string} room */
  move(before, room) {
    for (const one of this.#in(before)) {
      if (one.seq === undefined) this.#keep({ ...one, room });
      else this.#waiting.set(one.nonce, { ...one, room }); // it is stored, and kept no longer
    }
  }

  /**
   * The server does not take it: it stays, with the reason, until the person decides.
   *
   * @param {string} nonce @param {string} why
   */
  refused(nonce, why) {
    const waiting = this.#waiting.get(nonce);
    if (waiting !== undefined) this.#keep({ ...waiting, refused: why, said: false });
  }

  /**
   * Send it once more.
   *
   * @param {string} nonce
   */
  again(nonce) {
    const waiting = this.#waiting.get(nonce);
    if (waiting !== undefined) this.#keep({ ...waiting, guest: this.who.guest, refused: undefined });
  }

  /**
   * Take back what the server did not take, or was never offered; returns it.
   *
   * @param {string} nonce
   */
  discard(nonce) {
    const waiting = this.#waiting.get(nonce);
    this.#waiting.delete(nonce);
    shared.set(BEGINS + nonce, undefined);
    return waiting;
  }

  /** Forget everything that waits. */
  clear() {
    for (const nonce of [...this.#waiting.keys()]) this.discard(nonce);
  }
}

/** Whether the person may still think better of it: no server has it. @param {Waiting} waiting */
export function revocable(waiting) {
  return !waiting.said && waiting.seq === undefined;
}

/** @param {Waiting} waiting */
function unsent(waiting) {
  return waiting.refused === undefined && waiting.seq === undefined;
}
