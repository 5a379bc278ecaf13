/**
 * A conversation over many connections: what to say first, what is known, when to come back. No I/O.
 * The same as `nexus.client.conversation` in Python.
 */

import { Ignoring } from './ignoring.js';
import { RoomView } from './view.js';

/** Seconds between two tries to connect, at most. */
export const LONGEST_WAIT = 15;

/**
 * @typedef {object} Identity who one is, as it is kept in the browser
 * @property {string} id made up here, once per person on this browser
 * @property {string} name
 * @property {boolean} guest
 * @property {string} [session]
 * @property {string} [token]
 * @property {string} [epoch]
 * @property {boolean} [kept] the browser has what proves it
 */

/**
 * @typedef {object} Credentials what someone says once
 * @property {string} [password]
 * @property {boolean} [register] make the account first
 * @property {string} [invite] by which it is made
 * @property {string} [reset] the one-time code of someone who forgot the password, which is a new one then
 */

/** Remembers, over drops and restarts, who one is, which rooms one is in, and what one has seen. */
export class Conversation {
  #failures = 0;
  /** @type {Record<string, import('./types.js').Position>} what the last hello named */
  #resume = {};
  /** @type {number | undefined} */
  #told; // seconds that the server asked to wait

  /** What else the first hello says, and only that one. @type {Credentials} */
  #credentials = {};

  /** @param {Identity} identity @param {string} [client] what this program calls itself */
  constructor(identity, client = 'nexus web') {
    this.identity = identity;
    this.client = client;
    /** @type {import('./types.js').You | null} */
    this.you = null;
    /** @type {import('./types.js').Limits | null} */
    this.limits = null;
    /** @type {Map<string, RoomView>} */
    this.views = new Map();
    this.ignoring = new Ignoring();
  }

  /**
   * Speak as that person from the next connection on; what was seen stays.
   *
   * @param {Identity} identity @param {Credentials} [credentials]
   */
  speakAs(identity, credentials = {}) {
    this.identity = identity;
    this.#credentials = credentials;
    this.#failures = 0;
    this.#told = undefined;
  }

  /** What to say first on a new connection. */
  hello() {
    const { name, token, session, epoch, kept, guest } = this.identity;
    this.#resume = {};
    for (const view of this.views.values()) if (view.near && view.resumes !== null) this.#resume[view.name] = view.resumes;
    return {
      type: 'hello',
      ref: 'hello',
      name: token || (kept && !guest) || this.#credentials.reset ? undefined : name,
      token,
      kept,
      ...(token ? {} : this.#credentials),
      session,
      epoch,
      resume: this.#resume,
      client: this.client,
    };
  }

  /**
   * The server's answer; returns the rooms that go on from where they were.
   *
   * @param {import('./types.js').Done} done
   */
  greeted(done) {
    this.#failures = 0;
    this.#told = undefined;
    this.#credentials = {};
    this.limits = done.limits ?? null;
    this.ignoring.told(done);
    this.becomes(done);
    for (const { name, former } of done.rooms ?? []) for (const before of former ?? []) this.moved(before, name);
    const resumed = new Map((done.rooms ?? []).filter((room) => room.here !== undefined).map((room) => [room.name, room]));
    for (const [name, view] of this.views) {
      view.rewind();
      const info = resumed.get(name);
      if (info !== undefined) view.enter(info, info.here?.length ? info.here : null); // none are named where there are too many
    }
    return [...resumed.keys()];
  }

  /**
   * A reply told who one is from now on.
   *
   * @param {import('./types.js').Done} done
   */
  becomes(done) {
    const { you, session, token, epoch } = done;
    if (you === undefined) return;
    if (done.preferences !== undefined) this.ignoring.told(done); // one speaks as an account now
    this.you = you;
    this.identity = {
      ...this.identity,
      name: you.name,
      guest: you.guest,
      session: session ?? this.identity.session,
      token: token ?? this.identity.token,
      epoch: epoch ?? this.identity.epoch,
    };
  }

  /** Forget a session that the server no longer knows; false where there was none. */
  sessionOver() {
    const over = this.identity.session !== undefined;
    this.identity = { ...this.identity, session: undefined };
    return over;
  }

  /**
   * The view of a room, new where there is none.
   *
   * @param {string} room
   */
  view(room) {
    let view = this.views.get(room);
    if (view === undefined) {
      view = new RoomView(room, (event) => this.own(event), (event) => this.named(event), (event) => this.ignoring.has(event));
      this.views.set(room, view);
    }
    return view;
  }

  /** A room has another name; what was seen of it goes with it. @param {string} before @param {string} name */
  moved(before, name) {
    const view = this.views.get(before);
    if (view === undefined || !this.views.delete(before) || this.views.has(name)) return;
    view.name = name;
    view.info = { ...view.info, name, former: [before, ...(view.info.former ?? [])] };
    this.views.set(name, view);
  }

  /**
   * Whether that is by the person who sits here.
   *
   * @param {{by: string, guest?: boolean}} event
   */
  own(event) {
    return event.by === this.you?.name && Boolean(event.guest) === this.you.guest;
  }

  /**
   * Whether that mentions the person who sits here by name.
   *
   * @param {import('./types.js').LogEvent} event
   */
  named(event) {
    return this.you !== null && (event.mentions ?? []).includes(this.you.name);
  }

  /**
   * Someone has another name; it may be one's own.
   *
   * @param {{from: string, to: string, guest?: boolean}} event
   */
  renamed(event) {
    this.ignoring.renamed(event);
    if (this.you === null || !this.own({ by: event.from, guest: event.guest })) return;
    this.you = { ...this.you, name: event.to };
    this.identity = { ...this.identity, name: event.to };
  }

  /**
   * The server asked to come back in so many seconds, not before.
   *
   * @param {number | undefined} seconds
   */
  toldToWait(seconds) {
    this.#told = seconds;
  }

  /**
   * Seconds until the next try: as told, else longer each time, and never everyone at once.
   *
   * @param {() => number} chance
   */
  wait(chance) {
    const told = this.#told;
    this.#told = undefined;
    if (told !== undefined) return told;
    this.#failures += 1;
    return chance() * Math.min(LONGEST_WAIT, 0.25 * 2 ** Math.min(this.#failures, 10));
  }
}
