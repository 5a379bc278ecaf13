/** What one member sees of one room: events in, a view out; no I/O. The same as `nexus.client.view` in Python. */

import { AMENDING, amend, deletions, rename } from './folding.js';

/** Messages a view keeps, at most. */
export const KEPT = 1000;

/** What is unread is counted up to here, as the server counts it. */
const MOST = 1000;

/** An event came whose predecessor did not; the client has to resume from `after`. */
export class Gap extends Error {
  /** @param {number} after @param {number} got */
  constructor(after, got) {
    super(`Event ${got} came after event ${after}; the ones in between are missing.`);
    this.after = after;
    this.got = got;
  }
}

/** A room as its events tell it: messages, topic, who is here, what others said that is unread. */
export class RoomView {
  #own;
  #named;
  #ignored;
  #told = 0; // up to here the log was sent or named as skipped
  /** @type {import('./types.js').Position | null} */
  #start = null;
  #counted = 0; // up to here the server has counted what is unread after the read mark,
  #unread = 0; // and found so much,
  #mentions = 0; // and so many mentions among that
  #heardOf = 0; // up to here one was told that there are messages
  /** @type {number[]} */
  #since = []; // what others said since
  /** @type {number[]} */
  #namedSince = [];

  /**
   * @param {string} name
   * @param {(event: import('./types.js').LogEvent) => boolean} own tells which messages are the reader's own
   * @param {(event: import('./types.js').LogEvent) => boolean} named and which mention the reader
   * @param {(event: import('./types.js').LogEvent) => boolean} ignored and which are by somebody whom the reader ignores
   */
  constructor(name, own = () => false, named = () => false, ignored = () => false) {
    this.name = name;
    this.#own = own;
    this.#named = named;
    this.#ignored = ignored;
    this.topic = '';
    /** Whether to go on in it at once on a new connection. */
    this.near = true;
    /** What the room is, as it was told the last time. @type {Partial<import('./types.js').RoomInfo> & {name: string}} */
    this.info = { name };
    /** @type {import('./types.js').Position | null} */
    this.last = null;
    /** @type {import('./types.js').LogEvent[]} */
    this.events = [];
    /** @type {Set<string>} */
    this.here = new Set();
    this.online = 0;
    /** About what of the room the reader wants to be told; unknown where the server does not say. @type {import('./types.js').Level | undefined} */
    this.level = undefined;
    this.favourite = false;
    /** The own read mark; what others said after it is unread. */
    this.read = 0;
    /** @type {[number, number][]} */
    this.skipped = [];
    /** The oldest event that has not expired. */
    this.first = 1;
    /** Called where some have. */
    this.expired = () => {};
  }

  /**
   * What the `done` of a join, or of a hello that resumes, tells; the room's events follow it.
   *
   * @param {import('./types.js').RoomInfo} info
   * @param {string[] | null} [here]
   * @param {number | null} [online]
   */
  enter(info, here = null, online = null) {
    this.topic = info.topic ?? '';
    this.told(info);
    this.#start ??= { seq: info.head, at: info.at };
    if (here !== null) this.here = new Set(here);
    this.online = online ?? info.online;
  }

  /**
   * The server told what is unread.
   *
   * @param {import('./types.js').RoomInfo} info
   */
  told(info) {
    this.level = info.level;
    this.favourite = info.favourite ?? false;
    this.info = info;
    this.#beginWith(info.first ?? 1);
    this.#count(info.read ?? this.read, info.head, info.unread ?? 0, info.mentions ?? 0);
  }

  /** How many messages of others are unread, up to MOST. */
  get unread() {
    return Math.min(this.#unread + this.#since.length, MOST);
  }

  /** How many of them mention the reader, or everyone. */
  get mentions() {
    return Math.min(this.#mentions + this.#namedSince.length, MOST);
  }

  /** After which event to go on on a new connection: the last, or the head there was on entering. */
  get resumes() {
    return this.last ?? this.#start;
  }

  /** The newest seq that is known to exist. */
  get head() {
    return Math.max(this.#told, this.#counted, this.#heardOf, this.last?.seq ?? 0);
  }

  /** A new connection: what comes next is what follows the last event, whatever was named as skipped since. */
  rewind() {
    this.#told = this.resumes?.seq ?? 0;
    this.skipped = this.skipped.filter(([, to]) => to <= this.#told);
  }

  /**
   * Fold an event in; true where it is new and to be shown. Throws Gap.
   *
   * @param {any} event an AnyEvent
   * @returns {boolean}
   */
  apply(event) {
    switch (event.type) {
      case 'presence':
        this.online = event.online;
        if (event.here === undefined && event.gone === undefined) this.here.clear(); // too many to name: no list is right
        for (const name of event.here ?? []) this.here.add(name);
        for (const name of event.gone ?? []) this.here.delete(name);
        break;
      case 'renamed':
        this.#rename(event);
        break;
      case 'read':
        if (event.back || !this.#overtaken(event)) this.#count(event.seq, event.head ?? event.seq, event.unread ?? 0, event.mentions ?? 0);
        break;
      case 'level':
        [this.level, this.favourite] = [event.level, event.favourite ?? false];
        break;
      case 'typing':
        break;
      case 'news':
        this.#hearOf(event);
        break;
      case 'skipped':
        return this.#skip(event);
      case 'expired':
        this.#beginWith(event.first);
        break;
      case 'reset': // comes after a `done` that told the topic and what is unread
        this.events = [];
        this.skipped = [];
        this.#since = [];
        this.#namedSince = [];
        this.last = this.#start = null;
        this.#told = this.#heardOf = 0;
        break;
      default: // an entry of the log; one of a kind that this page does not know has its place in it too
        return event.at !== undefined && this.#append(event);
    }
    return true;
  }

  /** @param {import('./types.js').LogEvent} event */
  #append(event) {
    if (this.last !== null && event.seq <= this.last.seq) return false;
    if (this.#told && event.seq !== this.#told + 1) throw new Gap(this.#told, event.seq);
    this.#told = event.seq;
    this.last = { seq: event.seq, at: event.at };
    this.events.push(event);
    if (this.events.length > KEPT) this.events.shift();
    if (AMENDING.has(event.type)) amend(this.events, event);
    if (event.type === 'deleted') this.#forget(Number(event.target));
    if (event.type === 'purged') for (const one of deletions(event)) (amend(this.events, one), this.#forget(Number(one.target)));
    if (event.type === 'configured') this.#configure(event);
    if (this.isNew(event)) this.#add(event);
    return true;
  }

  /** A message is unread. @param {import('./types.js').LogEvent} event */
  #add(event) {
    this.#since.push(event.seq);
    if (this.summons(event)) this.#namedSince.push(event.seq);
    for (const seqs of [this.#since, this.#namedSince]) if (seqs.length > MOST) seqs.shift();
  }

  /** What was said while the reader was not in the room counts as if they had been. @param {{last: import('./types.js').Position, posts: any[]}} news */
  #hearOf({ last, posts }) {
    this.#heardOf = Math.max(this.#heardOf, last.seq);
    this.info = { ...this.info, at: Math.max(this.info.at ?? 0, last.at) };
    for (const one of posts) if (this.isNew({ type: 'posted', ...one })) this.#add({ type: 'posted', ...one });
  }

  /** Those messages that were not counted yet. @param {import('./types.js').Brief[]} posts */
  newOf(posts) {
    return posts.filter((one) => this.isNew(/** @type {any} */ ({ type: 'posted', ...one })));
  }

  /** Whether an event is one that is unread, and was not counted yet. @param {import('./types.js').LogEvent} event */
  isNew(event) {
    return event.seq > this.#counted && event.seq > (this.#since.at(-1) ?? 0) && this.counts(event);
  }

  /** Someone changed the room; what is not there is as it was. @param {import('./types.js').LogEvent} event */
  #configure(event) {
    this.topic = event.topic ?? '';
    const { title = this.info.title, posting = this.info.posting, slow = this.info.slow } = event;
    const { guests = this.info.guests, archived = this.info.archived, kind = this.info.kind } = event;
    const keep = event.keep === undefined ? this.info.keep : event.keep < 0 ? undefined : event.keep;
    this.info = { ...this.info, kind, title, posting, slow, guests, archived, keep };
  }

  /**
   * The server has counted from a read mark to a head; what came since is added to that.
   *
   * @param {number} mark @param {number} head @param {number} unread @param {number} mentions
   */
  #count(mark, head, unread, mentions) {
    [this.read, this.#counted, this.#unread, this.#mentions] = [mark, head, unread, mentions];
    this.#since = this.#since.filter((seq) => seq > head);
    this.#namedSince = this.#namedSince.filter((seq) => seq > head);
  }

  /** Whether counts are older than those that one knows. @param {{seq: number, head?: number}} event */
  #overtaken({ seq, head = seq }) {
    return seq < this.read || (seq === this.read && head < this.#counted);
  }

  /** A message that was deleted is unread for nobody; of those that the server counted it tells itself. @param {number} target */
  #forget(target) {
    this.#since = this.#since.filter((seq) => seq !== target);
    this.#namedSince = this.#namedSince.filter((seq) => seq !== target);
  }

  /**
   * Whether an event is one that can be unread.
   *
   * @param {import('./types.js').LogEvent} event
   */
  counts(event) {
    return event.type === 'posted' && !event.deleted && !this.#own(event) && !this.#ignored(event);
  }

  /**
   * Whether this is a message of someone else that mentions the reader, or everyone.
   *
   * @param {import('./types.js').LogEvent} event
   */
  summons(event) {
    return this.counts(event) && (Boolean(event.here) || this.#named(event));
  }

  /** @param {{from: number, to: number, gone?: boolean}} event */
  #skip(event) {
    if (event.to <= this.#told) return false;
    if (this.#told && event.from > this.#told + 1) throw new Gap(this.#told, event.from);
    if (event.gone) this.#beginWith(event.to + 1);
    else this.skipped.push([event.from, event.to]);
    this.#told = event.to;
    return true;
  }

  /** What comes before a seq has expired: it is not there, and unread for nobody. @param {number} first */
  #beginWith(first) {
    if (first === this.first) return;
    this.first = first;
    this.events = this.events.filter((event) => event.seq >= first);
    this.skipped = this.skipped.filter(([, to]) => to >= first).map(([from, to]) => [Math.max(from, first), to]);
    this.#since = this.#since.filter((seq) => seq >= first);
    this.#namedSince = this.#namedSince.filter((seq) => seq >= first);
    this.expired();
  }

  /** @param {{from: string, to: string, guest?: boolean}} event */
  #rename(event) {
    if (this.here.delete(event.from)) this.here.add(event.to);
    if (!event.guest && this.info.people !== undefined) {
      this.info = { ...this.info, people: this.info.people.map((name) => (name === event.from ? event.to : name)) };
    }
    rename(this.events, event);
  }
}
