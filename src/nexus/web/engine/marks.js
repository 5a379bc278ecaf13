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

  /** Whether what is there counts as read since one sees it. @param {import('./room.js').Room} room */
  reads(room) {
    return this.sees(room) && room.lineSeen && !room.keptUnread;
  }

  /** What is in view of the current room is read, from the first that was new on. */
  look() {
    const room = this.client.rooms.current;
    if (room === null || !this.watching) return;
    const { view } = room;
    if (room.following) room.seen = view.head;
    if (!room.joined || view.unread === 0 || !room.lineSeen || room.keptUnread) return;
    const seq = room.following ? view.head : room.lowest();
    if (seq <= view.read) return;
    const owed = this.#owed?.room === room ? this.#owed.seq : 0; // one may have scrolled up since
    if (this.#resting) this.#owed = { room, seq: Math.max(seq, owed) };
    else this.mark(room, seq);
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
    [room.line, room.lineSeen] = [null, true];
    room.keepUnread(false);
    room.changes.changed();
  }

  /** Choose of what in a room one is told. Throws Refusal or Offline. @param {import('./room.js').Room} room @param {import('./types.js').Level} level */
  async setLevel(room, level) {
    await this.client.ask('level', { room: room.name, level });
    room.view.level = level;
    room.changes.changed();
    this.client.rooms.changes.changed();
  }

  /** A message and all that follow are unread again, on all devices. @param {import('./room.js').Room} room @param {number} seq */
  async unreadFrom(room, seq) {
    [room.line, room.fresh, room.lineSeen] = [seq - 1, 0, true];
    room.keepUnread();
    room.changes.changed();
    this.client.rooms.changes.changed(); // it may have been unread all along, and then the server says nothing
    const before = { room: room.name, seq: seq - 1 };
    if (room.view.read < before.seq) this.client.ask('read', before).catch(() => {}); // it was seen, and the server may not know that yet
    await this.client.ask('read', { ...before, back: true });
  }

  /** What was in view meanwhile counts, also where the person went on to something else. */
  #rested() {
    const owed = this.#owed;
    this.#owed = null;
    this.#resting = false;
    const due = owed !== null && owed.room.joined && !owed.room.keptUnread && owed.seq > owed.room.view.read;
    if (due) this.mark(owed.room, owed.seq);
    else this.look();
  }
}
