/** Read marks: what was in front of the person's eyes is read, and the server is told, not too often. */

/** Milliseconds between two marks, at least. */
const REST = 300;

/** Moves the read mark of the room one looks at. */
export class Marks {
  #resting = false;

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

  /** The newest messages of the current room may be in view: then they are read. */
  look() {
    const room = this.client.rooms.current;
    if (room === null || this.#resting || !this.watching || !room.following) return;
    const { view } = room;
    if (!room.joined || view.unread === 0 || view.head <= view.read) return;
    this.mark(room);
  }

  /**
   * Everything in a room is read.
   *
   * @param {import('./room.js').Room} room
   */
  mark(room) {
    this.#resting = true;
    this.client.ask('read', { room: room.name, seq: room.view.head }).catch(() => {});
    setTimeout(() => {
      this.#resting = false;
      this.look();
    }, REST);
  }
}
