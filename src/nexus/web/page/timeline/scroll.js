/**
 * Keeps the place where one reads, whatever is added, cut off or grows above and below it: either the newest
 * messages, or one message at the height where it stood. Only the person's own scrolling changes the place.
 */

/** Pixels from the end that still count as being there. */
const NEAR = 40;

/** Pixels from an edge at which more is read. */
const SOON = 900;

/** A place in a scrolling box whose rows have `data-seq`. */
export class Scroll {
  #set = -1; // where we scrolled to ourselves
  #whole = false; // whether all that is known is in the box
  #filling = -1; // which filling of the stretch is in the box
  #sizes;

  /**
   * @param {HTMLElement} box
   * @param {import('../../engine/room.js').Room} room
   * @param {{older: () => void, newer: () => void, seen: () => void}} more
   */
  constructor(box, room, more) {
    this.box = box;
    this.room = room;
    this.more = more;
    this.#sizes = new ResizeObserver(() => this.restore());
    this.#sizes.observe(box);
    for (const child of box.children) this.#sizes.observe(child);
    room.lowest = () => this.#lowest();
    box.addEventListener('scroll', this.#scrolled, { passive: true });
  }

  /** It is no longer shown. */
  end() {
    this.#sizes.disconnect();
    this.box.removeEventListener('scroll', this.#scrolled);
    this.room.lowest = () => 0;
  }

  #scrolled = () => {
    const { box, room } = this;
    if (this.#filling !== room.stretch.filling || !room.stretch.filled) return; // it moves since its rows go
    if (Math.abs(box.scrollTop - this.#set) >= 2) {
      this.#set = -1;
      room.readsAt(this.#measure());
    }
    this.#lookAhead();
  };

  #lookAhead() {
    const { box, room } = this;
    this.#lookForLine();
    if (!this.#whole) return;
    if (room.stretch.older && box.scrollTop < SOON) this.more.older();
    if (room.stretch.newer && box.scrollHeight - box.clientHeight - box.scrollTop < SOON) this.more.newer();
  }

  /** Whether the line "new" is above what is seen. */
  #lookForLine() {
    const { box, room } = this;
    const line = room.line === null ? null : box.querySelector('.new');
    const above = line === null
      ? room.line !== null && room.stretch.filled && room.stretch.first > room.line + 1
      : line.getBoundingClientRect().bottom < box.getBoundingClientRect().top;
    if (this.#whole && room.stretch.filled && !above) room.lineSeen = true;
    if (room.view.unread > 0) this.more.seen();
    if (above === room.lineAbove) return;
    room.lineAbove = above;
    room.changes.changed();
  }

  /** The newest event of which the beginning is in view. */
  #lowest() {
    const edge = this.box.getBoundingClientRect().bottom;
    const rows = /** @type {NodeListOf<HTMLElement>} */ (this.box.querySelectorAll('[data-seq]'));
    let low = -1;
    let high = rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (rows[middle].getBoundingClientRect().top < edge) low = middle;
      else high = middle - 1;
    }
    return low < 0 ? 0 : Number(rows[low].dataset.seq);
  }

  /** @returns {import('../../engine/room.js').Place} */
  #measure() {
    const { box, room } = this;
    if (!room.stretch.newer && box.scrollHeight - box.clientHeight - box.scrollTop < NEAR) return 'end';
    const edge = box.getBoundingClientRect().top;
    const rows = /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll('[data-seq]'));
    let low = 0;
    let high = rows.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle].getBoundingClientRect().bottom > edge) high = middle;
      else low = middle + 1;
    }
    const row = rows[low];
    if (row === undefined) return 'end';
    return { seq: Number(row.dataset.seq), top: row.getBoundingClientRect().top - edge };
  }

  /** The rows were drawn again. @param {boolean} whole whether all that are known, or a part at first */
  draw(whole) {
    this.#whole = whole;
    this.#filling = this.room.stretch.filling;
    this.restore();
  }

  /** The content is not what it was: be at the same place in it. */
  restore() {
    const { box, room } = this;
    if (room.place === 'end') {
      this.#to(box.scrollHeight - box.clientHeight);
    } else {
      const row = box.querySelector(`[data-seq="${room.place.seq}"]`);
      if (row !== null) {
        const top = row.getBoundingClientRect().top - box.getBoundingClientRect().top;
        this.#to(box.scrollTop + top - room.place.top);
      }
    }
    this.#lookAhead();
  }

  /** @param {number} top */
  #to(top) {
    if (Math.abs(this.box.scrollTop - top) >= 1) this.box.scrollTop = top;
    this.#set = this.box.scrollTop;
  }
}
