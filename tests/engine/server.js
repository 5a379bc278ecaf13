/** A server in the page: it answers what the client asks from a log, and tells what the test has it tell. */

import { Client } from '/web/engine/client.js';
import { event } from './check.js';

/** After this everything that was on its way has come. */
export const settled = () => new Promise((resolve) => setTimeout(resolve));

/** What stays away unless a test says otherwise. */
const LIMITS = { text: 1000, topic: 100, name: 20, room_name: 20, frame: 9000, history: 200, catch_up: 1000, rooms: 9 };

/** The garden, whose log the test knows. */
export class Server {
  /** @param {object[]} log @param {Record<string, (command: any) => object>} answers to commands that it would answer otherwise */
  constructor(log, answers = {}) {
    this.log = log;
    this.answers = answers;
    this.asked = [];
    this.online = true;
    const server = this;
    globalThis.WebSocket = class {
      constructor() {
        server.socket = this;
        queueMicrotask(() => (server.online ? this.onopen?.() : this.onclose?.()));
      }
      send(text) {
        server.hears(JSON.parse(text));
      }
      close() {
        this.closed = true;
      }
    };
  }

  get head() {
    return this.log.at(-1)?.seq ?? 0;
  }

  get info() {
    return { name: 'garden', head: this.head, at: 1000 + this.head, online: 1, member: true, read: this.head, unread: 0 };
  }

  hears(command) {
    this.asked.push(command);
    const { type, ref } = command;
    const answer = this.answers[type]?.(command) ?? this[type]?.(command) ?? {};
    queueMicrotask(() => this.says({ type: 'done', ref, ...structuredClone(answer) }));
  }

  says(frame) {
    this.socket.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** The next event of the garden. @param {object} fields */
  tells(fields) {
    const next = event(this.head + 1, fields);
    this.log.push(next);
    this.says(next);
    return next;
  }

  /** How often it was asked. @param {string} type */
  count(type) {
    return this.asked.filter((command) => command.type === type).length;
  }

  hello() {
    return { you: { name: 'Ann', role: 'member', guest: false }, limits: LIMITS, rooms: [] };
  }

  join() {
    return { room: this.info, here: ['Ann'], online: 1 };
  }

  rooms() {
    return { rooms: [this.info] };
  }

  history({ before = Infinity, after = 0, around, limit }) {
    const near = (one) => around === undefined || Math.abs(one.seq - around) <= limit / 2;
    const found = this.log.filter((one) => one.seq < before && one.seq > after && near(one));
    return { events: after > 0 ? found.slice(0, limit) : found.slice(-limit) };
  }
}

/**
 * Ann, who looks at the garden.
 *
 * @param {object[]} log @param {Record<string, (command: any) => object>} [answers]
 */
export async function visit(log, answers) {
  localStorage.clear();
  sessionStorage.clear();
  const server = new Server(log, answers);
  const client = new Client('ws://engine.test/ws');
  client.login('Ann', 'secret');
  await settled();
  const room = await client.rooms.join('garden');
  client.rooms.show(room);
  await settled();
  return { client, room, server };
}
