/** Whom one ignores, and from whom one gets direct messages, as the server tells it. The same as `nexus.client.ignoring` in Python. */

/** @typedef {import('./types.js').Ignored} Ignored */

/** Knows those people by what they are called now: an event says who it is by, and names are unique. */
export class Ignoring {
  /** By their ids. @type {Map<string, Ignored>} */
  #people = new Map();
  /** Messages, by room and seq, that one wanted to see all the same. @type {Set<string>} */
  #shown = new Set();
  /** From whom one gets direct messages: `everyone` or `nobody`; a guest gets none. @type {string | undefined} */
  directs;

  /** By name. */
  get people() {
    return [...this.#people.values()].sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Whether that is by somebody whom one ignores. @param {{by: string, guest?: boolean}} event */
  has({ by, guest }) {
    for (const one of this.#people.values()) if (one.name === by && Boolean(one.guest) === Boolean(guest)) return true;
    return false;
  }

  /** Whether one ignores the person with that id. @param {string | undefined} person */
  knows(person) {
    return person !== undefined && this.#people.has(person);
  }

  /** Whether a message is not to be seen. @param {import('./types.js').LogEvent} event */
  hides(event) {
    return this.#people.size > 0 && event.type === 'posted' && !event.deleted && this.has(event) && !this.#shown.has(`${event.room} ${event.seq}`);
  }

  /** Show messages all the same. @param {import('./types.js').LogEvent[]} events */
  show(events) {
    for (const { room, seq } of events) this.#shown.add(`${room} ${seq}`);
  }

  /** A reply that tells who one is tells whom one ignores, too: nobody, where it names none. @param {import('./types.js').Done} done */
  told({ ignored = [], preferences }) {
    this.#people = new Map(ignored.map((one) => [one.person, one]));
    this.directs = preferences?.directs;
  }

  /** Take in what changes it; false where an event is about something else. @param {any} event */
  hear(event) {
    if (event.type === 'ignored') this.#people.set(event.person, event);
    else if (event.type === 'unignored') this.#people.delete(event.person);
    else if (event.type === 'preferred') this.directs = event.directs;
    else return false;
    return true;
  }

  /** Someone has another name. @param {{from: string, to: string, guest?: boolean}} event */
  renamed({ from, to, guest }) {
    for (const [person, one] of this.#people) {
      if (one.name === from && Boolean(one.guest) === Boolean(guest)) this.#people.set(person, { ...one, name: to });
    }
  }
}

/** Take in what changes whom one ignores, and show it; false where an event is about something else. @param {import('./client.js').Client} client @param {any} event */
export function hearIgnoring(client, event) {
  const heard = client.ignoring.hear(event);
  if (heard) redraw(client);
  return heard;
}

/** What is shown of everything said is different now. @param {import('./client.js').Client} client */
export function redraw({ rooms, status, search, replies }) {
  for (const room of rooms.all) room.changes.changed();
  for (const topic of [rooms.changes, status, search.changes, replies.changes]) topic.changed();
}
