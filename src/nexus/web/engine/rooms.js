/** The rooms one is in: entering, leaving, looking at them, and hearing what happens there. */

import { Refusal } from './connection.js';
import { Topic } from './draw.js';
import { hearIgnoring } from './ignoring.js';
import { shared } from './keep.js';
import { deletions } from './folding.js';
import { keep, kept, nearest, sorted } from './known.js';
import { calledOf, labelOf } from './label.js';
import { favourites } from './need.js';
import { follow, formerly, move } from './moving.js';
import { listPins } from './pins.js';
import { Room } from './room.js';

/** @typedef {import('./types.js').LogEvent} LogEvent */
/** @typedef {import('./types.js').RoomInfo} RoomInfo */
/** @typedef {import('./client.js').Client} Client */

/** Seconds until a room is joined again that was refused for now, where the server does not say. */
const JOIN_AGAIN = 5;

/** What was seen of each room is kept, bounded per room, so that going back to one is at once. */
export class Rooms {
  /** @type {Map<string, Room>} */
  #rooms = new Map();
  /** @type {Set<string>} */
  #joining = new Set();
  /** Those that were open the last time; where an account was taken out of one meanwhile, it is open no longer. @type {Set<string>} */
  #recalled = new Set();
  #view;

  /**
   * @param {Client} client
   * @param {(name: string) => import('./view.js').RoomView} view
   */
  constructor(client, view) {
    this.client = client;
    this.#view = view;
    /** The rooms, and what is unread in them. */
    this.changes = new Topic();
    /** All rooms that the server lists. @type {RoomInfo[]} */
    this.listed = [];
    /** The room one looks at. @type {Room | null} */
    this.current = null;
    /** Why no room is shown: `gone`, `outside`, `address`, `none`, else a sentence; empty while it is being opened. */
    this.noRoom = '';
    /** Who hears of others' new messages. @type {Set<(event: LogEvent, room: Room) => void>} */
    this.hearers = new Set();
    /** Hears what was said in a room that one is not in, without its texts. @type {(room: Room, posts: import('./types.js').Brief[]) => void} */
    this.onNews = () => {};
    /** Called where someone was led to a message that there is not; the newest are shown. @type {(room: Room) => void} */
    this.onMissing = () => {};
    /** Called when a room has another name than before. @type {(before: string, name: string) => void} */
    this.onMove = () => {};
  }

  /** The room of that name, or the one that was called so. @param {string} name */
  get(name) {
    return this.#rooms.get(name) ?? formerly(name, this.#rooms, this.listed);
  }

  /** By what they are called. */
  get all() {
    return sorted(this.#rooms.values(), (room) => this.label(room));
  }

  /** What people call a room. @param {Room} room */
  label(room) {
    return labelOf(room.view.info, this.client.name);
  }

  /** The same, with the sign of an open room. @param {Room} room */
  called(room) {
    return calledOf(room.view.info, this.client.name);
  }

  /** Unread messages that the person wants to hear of and does not see right now, over all rooms. */
  get due() {
    return [...this.#rooms.values()].reduce((sum, room) => sum + (this.client.marks.reads(room) ? 0 : room.due), 0);
  }

  /** What people call the room of that name, whether one is in it or not. @param {string} name */
  calledAs(name) {
    return calledOf(this.#rooms.get(name)?.view.info ?? { name }, this.client.name);
  }

  /** The rooms that were open the last time. */
  recall() {
    const names = shared.get('rooms', /** @type {string[]} */ ([]));
    for (const name of names) if (!this.#rooms.has(name)) this.#recalled.add(name);
    this.#addAll(names);
    if (this.client.online) this.#joinNearest();
  }

  /** An account's memberships. @param {RoomInfo[]} rooms */
  takeIn(rooms) {
    follow(this, rooms);
    const mine = new Set(this.#addAll(rooms.filter((info) => info.member).map((info) => info.name)));
    const { guest = false, limited = false } = this.client.you ?? {};
    const old = [...this.#rooms.values()].filter((room) => !guest && (limited || (this.#recalled.has(room.name) && room !== this.current)));
    this.#recalled.clear();
    for (const room of old) if (!mine.has(room)) this.#gone(room);
    for (const info of rooms) if (info.unread != null) this.#rooms.get(info.name)?.view.told(info);
    if (!guest) favourites.share(this.client);
    this.changes.changed();
  }

  /** @param {string} name */
  #add(name) {
    return this.#addAll([name])[0];
  }

  /** @param {string[]} names */
  #addAll(names) {
    const fresh = new Set(names.filter((name) => !this.#rooms.has(name)));
    const kinds = fresh.size > 0 ? kept() : {};
    for (const name of fresh) {
      const room = new Room(this.#view(name));
      room.view.info = kinds[name] ?? room.view.info;
      this.#rooms.set(name, room);
    }
    if (fresh.size > 0) this.#saved();
    return names.map((name) => /** @type {Room} */ (this.#rooms.get(name)));
  }

  #saved() {
    keep([...this.#rooms.values()]);
    this.changes.changed();
  }

  // --- coming and going -------------------------------------------------------------------------

  /** The connection is new: be in every room again. @param {string[]} resumed those that the greeting resumed */
  resume(resumed) {
    for (const room of resumed.flatMap((name) => this.#rooms.get(name) ?? [])) this.#entered(room);
    this.#joinNearest();
    void this.lookAround();
  }

  /** Be in the room one looks at, then in those near it. */
  #joinNearest() {
    if (this.current !== null) this.joinAgain(this.current);
    for (const room of this.#nearest()) this.joinAgain(room);
  }

  #nearest() {
    return nearest(this.all, this.current, this.client.you?.guest ?? true);
  }

  /** The connection is gone: the next one goes on in those rooms that are near. */
  interrupt() {
    const near = new Set(this.#nearest());
    for (const room of this.#rooms.values()) [room.joined, room.view.near] = [false, near.has(room)];
  }

  /** Enter a room; its name is as the server writes it. Throws Refusal or Offline. @param {string} asked */
  async join(asked) {
    const after = this.#rooms.get(asked)?.view.resumes;
    const done = await this.client.ask('join', after == null ? { room: asked, last: 0 } : { room: asked, after });
    const info = /** @type {RoomInfo} */ (done.room);
    follow(this, [info]);
    const room = this.#add(info.name);
    room.view.enter(info, done.here, done.online);
    room.named.changed();
    if (info.kind !== undefined && info.kind !== 'open') this.#saved();
    this.#entered(room);
    return room;
  }

  /** Be in a room, where one is not already. @param {Room} room */
  joinAgain(room) {
    const { name } = room; // which may be another by the time it is entered
    if (room.joined || this.#joining.has(name)) return;
    this.#joining.add(name);
    this.join(name)
      .catch((why) => {
        if (!(why instanceof Refusal)) return; // the next connection tries again
        room.refuses(why.message, why.temporary);
        if (!why.temporary) return;
        setTimeout(() => this.#rooms.get(room.name) === room && this.joinAgain(room), (why.retryAfter ?? JOIN_AGAIN) * 1000);
      })
      .finally(() => this.#joining.delete(name));
  }

  /** @param {Room} room */
  #entered(room) {
    room.joined = true;
    room.trouble = '';
    if (room === this.current) this.#look(room);
    this.client.entered(room);
    room.changes.changed();
    this.changes.changed();
  }

  /** Leave a room; an account's membership ends with it. @param {Room} room */
  async leave(room) {
    if (!room.joined) await this.join(room.name); // one leaves what one is in
    await this.client.ask('leave', { room: room.name });
    this.#gone(room);
  }

  /** Stand before a room that one is not in, or that cannot be opened yet. @param {'outside' | 'address' | ''} why */
  standOutside(why = 'outside') {
    if (this.current !== null) this.current.line = null;
    [this.current, this.noRoom] = [null, why];
    this.client.status.changed();
    this.changes.changed();
  }

  /** @param {Room} room */
  #gone(room) {
    room.forget();
    this.#rooms.delete(room.name);
    this.client.left(room);
    if (this.current === room) [this.current, this.noRoom] = [null, 'gone'];
    this.#saved(), this.client.status.changed();
  }

  /** Nothing is known any more. */
  forget() {
    for (const room of this.#rooms.values()) room.forget();
    this.#rooms.clear();
    this.current = null;
    this.listed = [];
    this.changes.changed();
  }

  /** Ask which rooms there are. */
  async lookAround() {
    const done = await this.client.ask('rooms').catch(() => null);
    this.listed = done?.rooms ?? this.listed;
    follow(this, this.listed);
    this.changes.changed();
  }

  // --- looking ----------------------------------------------------------------------------------

  /** Look at a room, at one of its events where a seq is given. @param {Room} room @param {number} [seq] */
  show(room, seq) {
    if (room !== this.current && room.following) room.stretch.shorten();
    if (this.current !== null && this.current !== room) this.current.line = null;
    if (this.current !== room) room.beginsAfter(this.current);
    this.current = room;
    room.shownAt = Date.now();
    if (this.client.online) this.joinAgain(room);
    shared.set('last', room.name);
    if (seq !== undefined) this.#point(room, seq);
    this.#look(room);
    this.client.status.changed();
    this.changes.changed();
  }

  /** @param {Room} room */
  #look(room) {
    const { view, stretch, place } = room;
    if (place !== 'end' && room.joined && (place.seq > view.head || place.seq < view.first)) return this.#missing(room);
    if (view.unread > 0 && room.line === null) [room.line, room.fresh, room.lineSeen] = [view.read, view.unread, false];
    room.recall();
    if ((!stretch.filled || stretch.kept) && room.joined) {
      if (place === 'end') void this.client.reading.newest(room);
      else void this.client.reading.around(room, place.seq).then(() => this.#settle(room));
    }
    this.#settle(room);
    if (room.pins === null && room.joined) void listPins(this.client, room);
    this.client.marks.look();
  }

  /** An event that is about a message has no row of its own: be at the nearest that has. @param {Room} room */
  #settle(room) {
    const { stretch, place } = room;
    if (place === 'end' || !stretch.covers(place.seq)) return;
    const seq = stretch.nearest(place.seq)?.seq ?? place.seq;
    if (seq === place.seq) return;
    if (room.pointed === place.seq) room.pointed = seq;
    room.readsAt({ seq, top: place.top });
    room.changes.changed();
  }

  /** Someone was led to an event that there is not. @param {Room} room */
  #missing(room) {
    room.stretch.clear();
    this.toNewest(room);
    if (!room.stretch.filled) this.#look(room);
    this.onMissing(room);
  }

  /** Go to an event and what is around it. @param {Room} room @param {number} seq */
  #point(room, seq) {
    room.pointed = seq;
    room.readsAt({ seq, top: 120 });
    if (!room.stretch.covers(seq)) room.stretch.clear();
    room.changes.changed();
  }

  /** Go to the first message that was new when one came. @param {Room} room */
  toFirstNew(room) {
    if (room.line === null) return;
    this.#point(room, room.line + 1);
    room.pointed = null;
    this.#look(room);
  }

  /** Go to the newest messages. @param {Room} room */
  toNewest(room) {
    room.pointed = null;
    room.readsAt('end');
    if (room.stretch.newer) {
      room.stretch.clear();
      this.#look(room);
    }
    room.changes.changed(), this.client.marks.look();
  }

  // --- hearing ----------------------------------------------------------------------------------

  /** Something happened in a room. Throws Gap. @param {any} event */
  hear(event) {
    if (event.type === 'moved') return this.move(event.from, event.room);
    if (hearIgnoring(this.client, event)) return;
    const room = this.#rooms.get(event.room);
    if (event.type === 'member') return this.#elsewhere(event);
    if (room === undefined) return;
    const isLogged = event.at !== undefined;
    const posts = room.view.newOf(event.posts ?? []); // of news: not what was counted when one came
    const known = isLogged ? room.messages.take([event])[0] : event;
    if (!room.view.apply(known)) return;
    room.changes.changed();
    if (isLogged) this.#heardNew(room, known);
    else if (event.type === 'news') this.onNews(room, posts);
    else if (event.type === 'typing') room.types(event.by);
    else if (event.type === 'presence') for (const name of event.gone ?? []) room.typedOut(name);
    else if (event.type === 'reset') this.#startOver(room);
    else if (event.type === 'read' && event.back && room === this.current) room.keepUnread(); // on another device, or here
    else if (event.type === 'skipped') room.pins = null; // asked for again when one next looks there
    else if (event.type === 'expired') for (const one of [this.client.search, this.client.replies]) one.expire(room.name, event.first);
    if (event.type === 'expired' && room === this.current && !room.stretch.filled) this.#look(room); // all of it has
    if (event.type !== 'typing') this.changes.changed();
  }

  /** A room has another name. @param {string} before @param {string} name */
  move(before, name) {
    if (move(this, this.#rooms, before, name)) this.#saved();
    this.client.status.changed();
  }

  /** Another of one's devices entered a room or left it. @param {{room: string, member: boolean}} event */
  #elsewhere({ room: name, member }) {
    const known = this.#rooms.get(name);
    if (member) this.joinAgain(this.#add(name));
    else if (known !== undefined) this.#gone(known);
  }

  /** @param {Room} room @param {LogEvent} event */
  #heardNew(room, event) {
    room.stretch.hear(event, room.following);
    if (this.client.own(event) && this.client.outbox.of(room.name).length === 0) room.saidElsewhere(event);
    this.#heardAbout(room, event);
    if (event.type === 'purged') for (const one of deletions(event)) this.#heardAbout(room, one);
    if (event.type === 'restored') void this.client.reading.again(room, event.targets ?? []);
    this.client.replies.hear(room, event);
    this.client.outbox.seen(room.name, event.seq);
    room.typedOut(event.by);
    if (event.type === 'left' && this.client.own(event)) return this.#gone(room);
    if (event.type === 'configured') room.named.changed();
    if (room.view.counts(event)) {
      if (room === this.current && !this.client.marks.watching) this.#drawLine(room, event.seq - 1);
      for (const hear of this.hearers) hear(event, room);
    }
    this.client.marks.look();
  }

  /** Something was done to a message. @param {Room} room @param {LogEvent} event */
  #heardAbout(room, event) {
    if (event.target === undefined) return;
    room.amends(event.target, event.seq);
    room.messages.hear(event);
    const isKnown = room.updatePins(event.target);
    if (event.type === 'pinned' && !isKnown) void listPins(this.client, room);
    this.client.search.hear(event);
  }

  /** What comes while nobody looks is below a line; what was read since the last one is above it. @param {Room} room @param {number} after */
  #drawLine(room, after) {
    if (room.line !== null && room.line >= Math.max(room.seen, room.view.read)) return; // read here, or on another device
    [room.line, room.fresh, room.lineSeen] = [after, 0, false];
  }

  /** @param {Room} room */
  #startOver(room) {
    room.startOver();
    if (room === this.current) this.#look(room);
  }

  /** Someone has another name. @param {any} event */
  rename(event) {
    for (const room of this.#rooms.values()) room.rename(event);
    this.client.search.rename(event);
  }
}
