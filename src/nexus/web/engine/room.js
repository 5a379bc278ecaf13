/** A room on this page: what is known of it, which stretch is shown, where one reads, who types. */

import { Topic } from './draw.js';
import * as drafts from './drafts.js';
import { ofTab } from './keep.js';
import { Messages } from './messages.js';
import { favourites } from './need.js';
import * as recent from './recent.js';
import { Stretch } from './stretch.js';

/** Milliseconds for which someone is shown as typing after the last notice of it. */
const TYPING = 6000;

/** Changed messages that are remembered. */
const AMENDED = 500;

let made = 0;

/** Where one reads: at the newest, or with an event so many pixels below the upper edge. */
/** @typedef {'end' | {seq: number, top: number}} Place */

/** One room, in this tab. */
export class Room {
  /** Tells it from all others, whatever it is called. */
  key = (made += 1);

  /** When one looked at it the last time, in this tab; 0 for never. */
  shownAt = 0;

  /** Whether something in it called when one opened it. */
  calling = false;

  /** @type {Map<string, number>} */
  #typing = new Map();
  /** Which way history is being read right now. @type {Set<'older' | 'newer' | 'newest' | 'around'>} */
  reading = new Set();

  /** @param {import('./view.js').RoomView} view */
  constructor(view) {
    this.view = view;
    view.expired = () => this.#expired();
    this.stretch = new Stretch();
    /** Those of its messages that are in memory, each once. */
    this.messages = new Messages();
    /** Whether the server counts us in on this connection. */
    this.joined = false;
    /** Why it cannot be entered. */
    this.trouble = '';
    /** Up to here it was before the person's eyes, as far as this tab knows. */
    this.seen = 0;
    /** How many were unread when one opened it. */
    this.fresh = 0;
    /** Whether the line "new" is above what one sees. */
    this.lineAbove = false;
    /** Whether what is below that line was in view from there on; before, nothing of it counts as read. */
    this.lineSeen = true;
    /** Whether one said that what is unread shall stay so, while one is here. */
    this.keptUnread = false;
    /** Tells the newest seq that is in view, where the newest of all is not. @type {() => number} */
    this.lowest = () => 0;
    /** After which seq the line "new" is drawn; null for none. @type {number | null} */
    this.line = null;
    /** The event to point out, as a link to it asked. @type {number | null} */
    this.pointed = null;
    /** Messages that were changed while we were here, with the seq of the newest change. @type {Map<number, number>} */
    this.amended = new Map();
    /** The pinned messages that the server listed, ascending; null before it was asked. @type {import('./types.js').LogEvent[] | null} */
    this.pins = null;
    /** @type {Place} */
    this.place = ofTab.get(`place.${this.name}`, 'end');
    /** Its timeline, people and head line. */
    this.changes = new Topic();
    /** What it is called. */
    this.named = new Topic();
    /** Its draft, where something else than typing changed it. */
    this.drafted = new Topic();
  }

  /** Unread messages that the person wants to hear of. */
  get due() {
    if (this.level === 'nothing') return 0;
    return this.level === 'mentions' ? this.view.mentions : this.view.unread;
  }

  /** When something happened in it the last time, as far as is known. */
  get activeAt() {
    return Math.max(this.view.info.at ?? 0, this.view.last?.at ?? 0);
  }

  /** Of what in it the person is told; unknown where the server does not say. */
  get level() {
    return this.view.level;
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

  /** A stored message that is in memory. @param {number} seq */
  message(seq) {
    return this.messages.get(seq);
  }

  /** The pinned messages, newest first. */
  get pinned() {
    const pinned = [...(this.pins ?? []), ...this.stretch.events, ...this.view.events].filter((event) => event.pinned);
    return [...new Map(pinned.map((event) => [event.seq, event])).values()].sort((a, b) => b.seq - a.seq);
  }

  /**
   * A message was changed: list it among the pins, or no longer. False where the message is not in memory.
   *
   * @param {number} seq
   */
  updatePins(seq) {
    if (this.pins === null) return true; // they are asked for when one looks at the room
    const message = this.message(seq);
    if (message?.pinned && !this.pins.includes(message)) this.pins.push(message);
    this.pins = this.pins.filter((one) => one.pinned);
    return message !== undefined;
  }

  #expired() {
    const { first } = this.view;
    this.stretch.expire(first);
    this.messages.expire(first);
    this.pins = this.pins?.filter((one) => one.seq >= first) ?? null;
    this.changes.changed();
  }

  /** A message was changed, whether it is in memory or not. @param {number} target @param {number} seq of the change */
  amends(target, seq) {
    this.amended.delete(target);
    this.amended.set(target, seq);
    if (this.amended.size > AMENDED) this.amended.delete(/** @type {number} */ (this.amended.keys().next().value));
  }

  /** What is unread stays so while one is here, also over a reload. */
  keepUnread(on = true) {
    this.keptUnread = on;
    ofTab.set('kept', on ? this.name : undefined);
  }

  /** One begins to look at it. @param {Room | null} before what one looked at; nothing where the page was loaded */
  beginsAfter(before) {
    this.calling = this.due > 0;
    this.keepUnread(before === null && ofTab.get('kept', '') === this.name);
  }

  /** What is typed and not sent. */
  get draft() {
    return drafts.read(this.name);
  }

  set draft(text) {
    drafts.write(this.name, text);
  }

  /** What one said in another tab is no draft in this one, and what one saved there is edited no more. @param {import('./types.js').LogEvent} event */
  saidElsewhere({ type, text = '', target = 0 }) {
    if (type === 'edited') drafts.heir.edited(this.name, target, text);
    if (type !== 'posted' || this.draft === '' || this.draft.trim() !== text.trim()) return;
    this.draft = '';
    drafts.heir.answers(this.name, undefined);
    this.drafted.changed();
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

  /** Someone has another name, who may be typing. @param {any} event */
  rename(event) {
    const until = this.#typing.get(event.from);
    if (until !== undefined && this.#typing.delete(event.from)) this.#typing.set(event.to, until);
    this.view.apply(event);
    this.messages.rename(event);
    this.named.changed();
    this.changes.changed();
  }

  /** Show what was kept the last time, until the server says what there is. */
  recall() {
    if (this.joined || this.stretch.filled || this.place !== 'end') return;
    const events = recent.recall(this.name);
    if (events.length === 0) return;
    this.stretch.begin(this.messages.take(events), 0);
    this.stretch.kept = true;
  }

  /** It cannot be entered. @param {string} why @param {boolean} forNow */
  refuses(why, forNow) {
    this.trouble = why;
    if (!forNow) recent.drop(this.name); // what was kept is no longer one's own to read
    if (!forNow && this.stretch.kept) this.stretch.clear();
    this.changes.changed();
  }

  /** Its history is another one than was known. */
  startOver() {
    this.stretch.clear();
    this.messages.clear();
    this.readsAt('end');
    this.line = this.pointed = this.pins = null;
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

  /** It had another name until now: what this tab keeps of it goes with it. @param {string} before */
  called(before) {
    recent.drop(before);
    drafts.move(before, this.name);
    favourites.move(before, this.name);
    ofTab.set(`place.${before}`, undefined);
    this.readsAt(this.place);
    if (this.keptUnread) this.keepUnread();
    this.named.changed();
    this.drafted.changed();
    this.changes.changed();
  }

  /** Nothing of it is kept any more. */
  forget() {
    this.draft = '';
    if (this.keptUnread) this.keepUnread(false);
    recent.drop(this.name);
    ofTab.set(`place.${this.name}`, undefined);
  }
}
