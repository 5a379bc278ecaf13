/** A room on this page: what is known of it, which stretch is shown, where one reads, who types. */

import { Topic } from './draw.js';
import { ofTab, shared } from './keep.js';
import { Stretch } from './stretch.js';

/** Milliseconds for which someone is shown as typing after the last notice of it. */
const TYPING = 6000;

/** Where one reads: at the newest, or with an event so many pixels below the upper edge. */
/** @typedef {'end' | {seq: number, top: number}} Place */

/** One room, in this tab. */
export class Room {
  /** @type {Map<string, number>} */
  #typing = new Map();

  /** @param {import('./view.js').RoomView} view */
  constructor(view) {
    this.view = view;
    this.stretch = new Stretch();
    /** Whether the server counts us in on this connection. */
    this.joined = false;
    /** Why it cannot be entered. */
    this.trouble = '';
    /** After which seq the line "new" is drawn; null for none. @type {number | null} */
    this.line = null;
    /** The event to point out, as a link to it asked. @type {number | null} */
    this.pointed = null;
    /** Which way history is being read right now. @type {Set<'older' | 'newer' | 'newest' | 'around'>} */
    this.reading = new Set();
    /** @type {Place} */
    this.place = ofTab.get(`place.${this.name}`, 'end');
    /** Its timeline, people and head line. */
    this.changes = new Topic();
    /** Its draft, where something else than typing changed it. */
    this.drafted = new Topic();
  }

  get name() {
    return this.view.name;
  }

  /** Whether new messages appear where one looks. */
  get following() {
    return this.place === 'end' && !this.stretch.newer;
  }

  /**
   * Where one reads now; kept over a reload.
   *
   * @param {Place} place
   */
  readsAt(place) {
    const wasFollowing = this.following;
    this.place = place;
    ofTab.set(`place.${this.name}`, place === 'end' ? undefined : place);
    if (wasFollowing !== this.following) this.changes.changed();
  }

  /** What is typed and not sent. */
  get draft() {
    return shared.get(`draft.${this.name}`, '');
  }

  set draft(text) {
    shared.set(`draft.${this.name}`, text || undefined);
  }

  /**
   * Someone types.
   *
   * @param {string} by
   */
  types(by) {
    this.#typing.set(by, Date.now() + TYPING);
    setTimeout(() => this.changes.changed(), TYPING + 50);
    this.changes.changed();
  }

  /**
   * They have said it, or left.
   *
   * @param {string} by
   */
  typedOut(by) {
    if (this.#typing.delete(by)) this.changes.changed();
  }

  /** Who types now. */
  get typing() {
    const now = Date.now();
    for (const [name, until] of this.#typing) if (until < now) this.#typing.delete(name);
    return [...this.#typing.keys()];
  }

  /** Nothing of it is kept any more. */
  forget() {
    this.draft = '';
    ofTab.set(`place.${this.name}`, undefined);
  }
}
