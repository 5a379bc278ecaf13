/** Read marks: what was in front of the person's eyes is read, and the server is told, not too often. */

/** Milliseconds between two marks, at least. */
const REST = 300;

/** Moves the read mark of the room one looks at. */
export class Marks {
  #resting = false;
  /** @type {{room: import('./room.js').Room, seq: number} | null} */
  #owed = null;

  /** @param {import('./client.js').Client} client */
  constructor(client) {
    this.client = client;
    addEventListener('focus', () => this.look());
    document.addEventListener('visibilitychange', () => this.look());
  }

  /** Whether the person can be looking at all. */
  get watching() {
    return document.visibilityState === 'visible' && document.hasFocus();
  }

  /** Whether what comes in a room is before the person's eyes at once. @param {import('./room.js').Room} room */
  sees(room) {
    return room === this.client.rooms.current && this.watching && room.following;
  }

  /** The newest messages of the current room may be in view: then they are read. */
  look() {
    const room = this.client.rooms.current;
    if (room === null || !this.sees(room)) return;
    const { view } = room;
    room.seen = view.head;
    if (!room.joined || view.unread === 0 || view.head <= view.read) return;
    if (this.#resting) this.#owed = { room, seq: view.head };
    else this.mark(room);
  }

  /**
   * A room is read up to an event, or up to its newest.
   *
   * @param {import('./room.js').Room} room @param {number} [seq]
   */
  mark(room, seq = room.view.head) {
    this.#resting = true;
    this.client.ask('read', { room: room.name, seq }).catch(() => {});
    setTimeout(() => this.#rested(), REST);
  }

  /** A room is read, without looking at it. Throws Refusal or Offline. @param {import('./room.js').Room} room */
  async read(room) {
    await this.client.ask('read', { room: room.name, seq: room.view.head });
    room.line = null;
    room.changes.changed();
  }

  /** What was in view meanwhile counts, also where the person went on to something else. */
  #rested() {
    const owed = this.#owed;
    this.#owed = null;
    this.#resting = false;
    if (owed !== null && owed.room.joined && owed.seq > owed.room.view.read) this.mark(owed.room, owed.seq);
    else this.look();
  }
}
