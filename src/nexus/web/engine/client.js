/** The client: who one is, whether one is connected, and what one says. The page shows it and calls its verbs. */

import { whyBlocked } from './blocked.js';
import { Connection, Refusal, Unopened } from './connection.js';
import { Conversation } from './conversation.js';
import { Topic } from './draw.js';
import { deviceName } from './device.js';
import * as drafts from './drafts.js';
import { onChange } from './keep.js';
import { Marks } from './marks.js';
import { Outbox } from './outbox.js';
import { Reading } from './reading.js';
import { Replies } from './replies.js';
import { Rooms } from './rooms.js';
import { Search } from './search.js';
import { Sending, showTab } from './sending.js';
import * as identity from './identity.js';

/** @typedef {import('./room.js').Room} Room */

/** Milliseconds: until the person is told that there is no connection, for which a notice stands, in which a tab hands over its token. */
const [BLINK, TOLD, SETTLES] = [700, 8000, 1000];

/** Everything behind the page. */
export class Client {
  #talk = new Conversation(identity.fresh(), deviceName());
  /** @type {Connection | null} */
  #connection = null;
  /** @type {Sending | null} */
  #sending = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #blink;
  /** Connections that could not be made, one after the other. */
  #unopened = 0;
  /** Whether the login that one came by is over, as far as this tab knows. */
  #revoked = false;

  /** @param {string} url of the WebSocket */
  constructor(url) {
    this.url = url;
    /** Who one is, whether one is online, and which room is open. */
    this.status = new Topic();
    /** What the page is for now. @type {'welcome' | 'talking' | 'elsewhere'} */
    this.stage = 'welcome';
    this.online = false;
    /** Whether it has taken so long to be online that the person should be told. */
    this.late = false;
    /** Whether the connection was lost, or could not be made, since it was last there. */
    this.lost = false;
    /** Whether a first visit is on its way. */
    this.trying = false;
    /** A sentence for the person: why one is not online, or not let in. */
    this.why = '';
    /** Why no connection is made though the server answers: 'websocket', or a sentence of the server's. */
    this.blocked = '';
    /** The server's version, once it has told it. */
    this.version = '';
    /** What else the person is told, for a while. */
    this.notice = '';
    /** Called when someone has left for good: what they were about is nobody else's. @type {() => void} */
    this.onForget = () => {};
    this.outbox = new Outbox(identity.fresh());
    this.reading = new Reading((type, fields) => this.ask(type, fields));
    this.marks = new Marks(this);
    this.rooms = new Rooms(this, (name) => this.#talk.view(name));
    this.search = new Search((type, fields) => this.ask(type, fields), (hit) => this.rooms.get(hit.room)?.messages.take([hit])[0] ?? hit);
    this.replies = new Replies((type, fields) => this.ask(type, fields));
    this.#watch();
  }

  #watch() {
    void identity.settle();
    addEventListener('online', () => {
      void identity.settle();
      this.#connection?.check();
    });
    addEventListener('offline', () => this.#connection?.check());
    document.addEventListener('visibilitychange', () => document.hidden || this.#connection?.check());
    onChange((name) => {
      if (name === 'left') void this.#sending?.adopt();
      if (name === 'rooms' && this.online && !this.you?.guest) this.rooms.recall(); // joined in another tab
    });
    showTab();
  }

  get you() {
    return this.#talk.you;
  }

  get ignoring() {
    return this.#talk.ignoring;
  }

  get limits() {
    return this.#talk.limits;
  }

  /** The name that one has, or had the last time. */
  get name() {
    return this.you?.name ?? identity.load()?.name ?? '';
  }

  /** Whether that is one's own. @param {{by: string, guest?: boolean}} event */
  own(event) {
    return this.#talk.own(event);
  }

  /** Whether that mentions one. @param {import('./types.js').LogEvent} event */
  named = (event) => !this.own(event) && (Boolean(event.here) || this.#talk.named(event));

  // --- who one is -------------------------------------------------------------------------------

  /** Go on as who one was; false where that is not known. */
  comeBack() {
    const kept = identity.load();
    if (kept === null) return false;
    this.#go(kept);
    this.stage = 'talking'; // what is kept can be shown before the server answers
    void this.#sending?.adopt();
    return true;
  }

  /** Begin as a guest. @param {string} name */
  begin(name) {
    if (identity.isOthers(name)) this.#forgetAll();
    const before = identity.load();
    const known = before?.guest ? before : identity.fresh();
    this.#go({ ...known, name, guest: true });
  }

  /** Sign in to an account. @param {string} name @param {string} password */
  login(name, password) {
    this.#goWith(name, { password });
  }

  /** Take another password by a one-time code. @param {string} reset @param {string} password */
  reset(reset, password) {
    this.#goWith('', { password, reset });
  }

  /** Make an account, before anything else. @param {string} name @param {string} password @param {string} [invite] */
  signUp(name, password, invite) {
    this.#goWith(name, { password, register: true, invite });
  }

  /** @param {string} name @param {import('./conversation.js').Credentials} credentials */
  #goWith(name, credentials) {
    if (name !== '' && identity.isOthers(name)) this.#forgetAll();
    const { id } = identity.load() ?? identity.fresh();
    this.#go({ ...identity.fresh(), id, name, guest: false }, credentials);
  }

  /** Make an account of the guest that one is. @param {string} name @param {string} password */
  async register(name, password) {
    const done = await this.ask('register', { name, password });
    this.#talk.becomes(done);
    this.#saved();
    this.rooms.takeIn(done.rooms ?? []);
  }

  /** Take another password; all other devices are signed out. @param {string} old @param {string} fresh */
  async changePassword(old, fresh) {
    this.#talk.becomes(await this.ask('password', { old, new: fresh }));
    this.#saved();
  }

  /** Take another name. @param {string} name */
  async rename(name) {
    this.#talk.becomes(await this.ask('rename', { name }));
    this.#saved();
  }

  /** End it here, or on all devices: the session, the login, and what is kept of them in the browser. */
  async signOut(everywhere = false) {
    await this.ask('logout', everywhere ? { everywhere } : {}).catch(() => {});
    this.#connection?.close();
    this.#forget('');
  }

  /** Erase the account; its messages stay, or are removed too. @param {string} password @param {'keep' | 'remove'} messages */
  async erase(password, messages) {
    await this.ask('erase', { password, messages });
    this.#connection?.close();
    this.#forget('');
  }

  #forgetAll() {
    this.#revoked = false;
    this.outbox.clear();
    this.search.clear();
    this.replies.clear();
    this.rooms.forget();
    drafts.forget();
    this.onForget();
    this.#talk = new Conversation(identity.fresh(), deviceName());
    identity.forget();
  }

  /** @param {string} why */
  #forget(why) {
    this.#forgetAll();
    this.#stage('welcome', why);
  }

  #saved() {
    identity.save(this.#talk.identity);
    this.status.changed();
  }

  /** @param {'welcome' | 'talking' | 'elsewhere'} stage @param {string} why */
  #stage(stage, why) {
    this.stage = stage;
    this.why = why;
    this.online = this.late = this.lost = this.trying = false;
    this.status.changed();
    this.rooms.changes.changed();
  }

  // --- the connection ---------------------------------------------------------------------------

  /** @param {import('./conversation.js').Identity} who @param {import('./conversation.js').Credentials} [credentials] */
  #go(who, credentials) {
    this.#connection?.close();
    this.rooms.interrupt();
    this.#talk.speakAs(who, credentials);
    this.outbox = new Outbox(who);
    const connection = new Connection(this.url, this.#talk, {
      greeted: (done) => this.#greeted(done),
      event: (event) => this.#hear(event),
      lost: (why) => this.#lost(why),
      ended: (why, code) => this.#ended(why, code),
    });
    this.#connection = connection;
    this.#sending = new Sending(this.outbox, connection, this.rooms);
    this.rooms.recall();
    this.trying = true;
    this.#waits();
    connection.connect();
    this.status.changed();
  }

  /** Not online: the person is told if it takes longer than a blink. */
  #waits() {
    if (this.online || this.#blink === undefined) {
      clearTimeout(this.#blink);
      this.#blink = setTimeout(() => {
        this.late = !this.online;
        this.status.changed();
      }, BLINK);
    }
    this.online = false;
    this.status.changed();
  }

  /** @param {import('./types.js').Done} done */
  #greeted(done) {
    const resumed = this.#talk.greeted(done);
    this.online = true;
    this.#revoked = this.late = this.lost = false;
    this.why = this.blocked = '';
    this.#unopened = 0;
    this.version = done.server?.version ?? '';
    this.outbox.greeted();
    this.rooms.takeIn(done.rooms ?? []), this.rooms.resume(resumed);
    void this.#sending?.adopt();
    this.#saved();
    this.stage = 'talking';
    this.trying = false;
    this.status.changed();
  }

  /** @param {Error} why */
  #lost(why) {
    this.why = why.message;
    this.lost = true;
    if (why instanceof Unopened) void this.#askWhy(why.weight);
    this.rooms.interrupt();
    this.#waits();
  }

  /** @param {number} tries that this one is worth */
  async #askWhy(tries) {
    const why = await whyBlocked((this.#unopened += tries));
    if (this.online) return;
    this.blocked = why;
    this.status.changed();
  }

  /** @param {Refusal} why @param {string} code */
  #ended(why, code) {
    this.rooms.interrupt();
    if (code === 'replaced' && this.you?.guest === false) {
      this.comeBack(); // with a session of this tab's own
    } else if (code === 'replaced') {
      this.#stage('elsewhere', '');
    } else if (code === 'revoked' && this.you?.guest === false && !this.#revoked) {
      this.#revoked = true; // another tab may have changed the password, and hand over its new token just now
      this.#waits();
      setTimeout(() => this.comeBack(), SETTLES);
    } else if (code === 'refused' && !this.#revoked) {
      this.#stage('welcome', why.message);
    } else {
      this.#forget(why.message);
    }
  }

  /** @param {any} event */
  #hear(event) {
    if (event.type === 'notice') {
      this.tell(event.text);
    } else if (event.type === 'yourself') {
      if (this.#talk.you !== null) this.#talk.you = { ...this.#talk.you, role: event.role, limited: event.limited };
      void this.rooms.lookAround().then(() => this.status.changed()); // more or fewer rooms may be there now
    } else if (event.type === 'renamed') {
      this.#talk.renamed(event);
      this.rooms.rename(event);
      this.#saved();
    } else {
      this.rooms.hear(event);
    }
  }

  /**
   * Say a command; its `done`, or throws Refusal or Offline.
   *
   * @param {string} type @param {object} [fields]
   */
  ask(type, fields) {
    if (this.#connection === null) return Promise.reject(new Refusal('unauthorised', ''));
    return this.#connection.ask(type, fields);
  }

  /** Show the person a sentence. @param {string} sentence */
  tell(sentence) {
    this.notice = sentence;
    this.status.changed();
    setTimeout(() => {
      if (this.notice === sentence) this.notice = '';
      this.status.changed();
    }, TOLD);
  }

  // --- talking ----------------------------------------------------------------------------------

  /** A room can be talked in now. @param {Room} room */
  entered(room) {
    void this.#sending?.send(room.name);
  }

  /** A room has another name. @param {string} before @param {string} name */
  moves(before, name) {
    this.#talk.moved(before, name);
    for (const one of [this.outbox, this.search]) one.move(before, name);
    if (this.online) void this.#sending?.send(name);
  }

  /** A room is left. @param {Room} room */
  left(room) {
    this.#talk.views.delete(room.name);
  }

  /**
   * Say something; it is kept until it is stored. False where too much waits already.
   *
   * @param {Room} room @param {string} text @param {number} [replyTo]
   */
  say(room, text, replyTo) {
    if (this.outbox.add(room.name, { text, reply_to: replyTo }) === undefined) return false;
    room.line = null;
    this.rooms.toNewest(room);
    void this.#sending?.send(room.name);
    return true;
  }

  /**
   * Do something to a message: kept and shown at once, until it is stored. False where too much waits already.
   *
   * @param {Room} room @param {number} seq of the message
   * @param {import('./outbox.js').Verb} verb @param {{text?: string, emoji?: string}} [fields]
   */
  amend(room, seq, verb, fields = {}) {
    const taken = this.outbox.add(room.name, { verb, target: seq, ...fields }) !== undefined;
    room.changes.changed();
    void this.#sending?.send(room.name);
    return taken;
  }

  /** Send a refused message once more. @param {Room} room @param {string} nonce */
  again(room, nonce) {
    this.outbox.again(nonce);
    room.changes.changed();
    void this.#sending?.send(room.name);
  }

  /** Take a refused message back; its text. @param {Room} room @param {string} nonce */
  takeBack(room, nonce) {
    room.changes.changed();
    return this.outbox.discard(nonce)?.text ?? '';
  }
}
