/** The connection: one WebSocket after the other. Hands replies to the code that asked, and reconnects by itself. */

import { isTemporary } from './codes.js';
import { Gap } from './view.js';

const SUBPROTOCOL = 'nexus.v1';

/** The close code that says: I shall not come back. */
const LEAVING = 4000;

/** Milliseconds of silence after which we ask whether anyone is there, and within which that is answered. */
const SILENCE = 25_000;
const ANSWER = 10_000;
const LOOK = 5_000;

/** Milliseconds in which a connection is made; a proxy may swallow it without a word. */
const OPENS = 6_000;

/** A command was not carried out; the message is for the person. */
export class Refusal extends Error {
  /** @param {string} code @param {string} message @param {number} [retryAfter] seconds */
  constructor(code, message, retryAfter) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** Whether the same may go better later. */
  get temporary() {
    return isTemporary(this.code, this.retryAfter);
  }
}

/** There is no connection now. */
export class Offline extends Error {}

/** The connection was not made at all: the server is away, or something in between takes no WebSocket. */
export class Unopened extends Offline {
  /** How much it tells: as much as so many connections that were turned down. */
  weight = 1;
}

/**
 * @typedef {object} Listener who hears what happens
 * @property {(done: import('./types.js').Done) => void} greeted the hello was answered
 * @property {(event: any) => void} event something happened; may throw Gap
 * @property {(why: Error) => void} lost the connection is gone; it comes back by itself
 * @property {(why: Refusal, code: string) => void} ended it does not come back: refused, replaced, revoked, ended
 */

/** @typedef {{resolve: (done: any) => void, reject: (why: Error) => void}} Asked */

/** Keeps a conversation going. */
export class Connection {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Map<number | string, Asked>} */
  #asked = new Map();
  #count = 0;
  #heard = 0;
  #looked = 0;
  #probing = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #next;
  #over = false;
  /** Whether the server has answered our hello on this connection. */
  online = false;

  /**
   * @param {string} url of the WebSocket
   * @param {import('./conversation.js').Conversation} talk
   * @param {Listener} listener
   */
  constructor(url, talk, listener) {
    this.url = url;
    this.talk = talk;
    this.listener = listener;
    this.look = setInterval(() => this.#lookAround(), LOOK);
  }

  /** Connect now, unless there is a connection or one is being made. */
  connect() {
    if (this.#socket !== null || this.#over) return;
    clearTimeout(this.#next);
    this.#next = undefined;
    const socket = new WebSocket(this.url, SUBPROTOCOL);
    this.#socket = socket;
    this.#heard = Date.now();
    let opened = false;
    setTimeout(() => this.#socket === socket && !opened && this.#hangUp(Object.assign(new Unopened(), { weight: 2 })), OPENS);
    socket.onopen = () => {
      opened = true;
      this.#send(this.talk.hello());
    };
    socket.onmessage = (frame) => this.#take(JSON.parse(frame.data));
    socket.onclose = () => this.#hangUp(opened ? new Offline() : new Unopened());
  }

  /** The network may have changed: find out at once whether anyone is there. */
  check() {
    if (this.#socket === null) this.connect();
    else this.#probe(ANSWER / 3);
  }

  /** Leave for good; the server does not wait for us. */
  close() {
    this.#stop(LEAVING);
  }

  /**
   * Say a command; its `done`, or throws Refusal or Offline.
   *
   * @param {string} type
   * @param {object} [fields]
   * @param {number | string} [ref]
   * @returns {Promise<import('./types.js').Done>}
   */
  ask(type, fields = {}, ref = (this.#count += 1)) {
    if (!this.online) return Promise.reject(new Offline());
    return new Promise((resolve, reject) => {
      this.#asked.set(ref, { resolve, reject });
      this.#send({ type, ref, ...fields });
    });
  }

  /** @param {object} command */
  #send(command) {
    this.#socket?.send(JSON.stringify(command));
  }

  /** @param {any} said */
  #take(said) {
    this.#heard = Date.now();
    if (said.type === 'done' || said.type === 'refused') this.#settle(said);
    else if (said.type === 'goodbye') this.#goodbye(said);
    else this.#hear(said);
  }

  /** @param {any} reply */
  #settle(reply) {
    if (reply.ref === 'hello') {
      this.#greeted(reply);
      return;
    }
    const asked = this.#asked.get(reply.ref);
    this.#asked.delete(reply.ref);
    if (reply.type === 'done') asked?.resolve(reply);
    else asked?.reject(new Refusal(reply.code, reply.message, reply.retry_after));
  }

  /** @param {any} reply */
  #greeted(reply) {
    if (reply.type === 'done') {
      this.online = true;
      this.listener.greeted(reply);
    } else if (reply.code === 'unauthorised' && this.talk.sessionOver()) {
      this.#send(this.talk.hello());
    } else if (isTemporary(reply.code, reply.retry_after)) {
      this.talk.toldToWait(reply.retry_after);
      this.#hangUp(new Refusal(reply.code, reply.message));
    } else {
      this.#stop();
      this.listener.ended(new Refusal(reply.code, reply.message), 'refused');
    }
  }

  /** @param {import('./types.js').Passing} goodbye */
  #goodbye({ code = '', reason = '', retry_after }) {
    if (isTemporary(code, retry_after)) {
      this.talk.toldToWait(retry_after);
      this.#hangUp(new Offline(reason));
    } else {
      this.#stop();
      this.listener.ended(new Refusal('unauthorised', reason), code);
    }
  }

  /** @param {any} event */
  #hear(event) {
    try {
      this.listener.event(event);
    } catch (gap) {
      if (!(gap instanceof Gap)) throw gap;
      this.#hangUp(gap); // a fault of the server: what is missing comes with the next resume
    }
  }

  /** @param {number} [code] */
  #stop(code) {
    this.#over = true;
    clearInterval(this.look);
    clearTimeout(this.#next);
    this.#letGo(new Offline(), code);
  }

  /** @param {Error} why */
  #hangUp(why) {
    if (this.#over) return;
    this.#letGo(why);
    this.#next = setTimeout(() => this.connect(), this.talk.wait(Math.random) * 1000);
    this.listener.lost(why);
  }

  /** @param {Error} why @param {number} [code] with which the connection is closed */
  #letGo(why, code) {
    const socket = this.#socket;
    this.#socket = null;
    this.online = this.#probing = false;
    if (socket !== null) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(code);
    }
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const one of asked) one.reject(why instanceof Offline ? why : new Offline(why.message));
  }

  #lookAround() {
    const now = Date.now();
    const slept = now - this.#looked > 3 * LOOK;
    this.#looked = now;
    if (this.#socket !== null && (slept || now - this.#heard > SILENCE)) this.#probe(ANSWER);
  }

  /** @param {number} within milliseconds */
  #probe(within) {
    const socket = this.#socket;
    if (socket === null || this.#probing) return;
    this.#probing = true;
    const asked = Date.now();
    if (this.online) this.ask('ping').catch(() => {});
    setTimeout(() => {
      if (this.#socket !== socket) return;
      this.#probing = false;
      if (this.#heard < asked) this.#hangUp(new Offline());
    }, within);
  }
}
