/** Notifications of the browser: only where the person asked for them, and only of what they have not seen. */

import { effect, signal } from '@preact/signals';
import { onChange, shared } from '../../engine/keep.js';
import { addressOf } from './route.js';
import { sentence } from '../timeline/excerpt.js';
import { worker } from './worker.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */
/** @typedef {import('../../engine/types.js').LogEvent} LogEvent */

/** Milliseconds in which another tab or device may show that the person has seen it. */
const PAUSE = 1000;

/** Messages that a notification counts, at most. */
const MOST = 99;

/** @typedef {{seq: number, by: string, text: string, named: boolean}} Called `named`: also where only mentions call */

/** Whether one is notified; `denied` by the browser, `never` where it cannot. @type {import('@preact/signals').Signal<'yes' | 'no' | 'denied' | 'never'>} */
export const may = signal(now());

function now() {
  if (!('Notification' in globalThis) || navigator.serviceWorker === undefined) return 'never';
  if (Notification.permission === 'denied') return 'denied';
  return Notification.permission === 'granted' && shared.get('notify', false) ? 'yes' : 'no';
}

/** Be notified in this browser, or no longer; asks for permission, so only after a click. @param {boolean} on */
export async function notify(on) {
  if (on && Notification.permission === 'default') await Notification.requestPermission();
  shared.set('notify', on || undefined);
  may.value = now();
}

/** Whether a reply to one's own message notifies as a mention does. @type {import('@preact/signals').Signal<boolean>} */
export const answers = signal(shared.get('answers', true));

/** @param {boolean} on */
export function notifyOfAnswers(on) {
  shared.set('answers', on ? undefined : false);
  answers.value = on;
}

/** Notify of what comes, and take back what was read meanwhile, here or elsewhere. @param {Client} client */
export function listenForNews(client) {
  const again = () => (may.value = now()); // not with each message: to ask the browser takes long
  void navigator.permissions?.query({ name: 'notifications' }).then((told) => (told.onchange = again), () => {});
  onChange((name) => name === 'notify' && again());
  client.rooms.hearers.add((event, room) => hear(event, room, client));
  client.rooms.onNews = (room, posts) => void askFor(posts, room, client);
  effect(() => {
    client.rooms.changes.watch;
    if (may.value === 'yes') next(() => takeBack(client));
  });
}

/** What is being shown or taken back. @type {Promise<void>} */
let busy = Promise.resolve();

/** One after the other: Chromium forgets a notification if it is asked for the list while it is about to show it. @param {() => Promise<void>} change */
function next(change) {
  busy = busy.then(change).catch(() => {});
}

/** What a room's next notification is about. @type {Map<string, LogEvent[]>} */
const called = new Map();

/** Whether the person wants to be told of a message. @param {LogEvent} event @param {Room} room @param {Client} client */
function calls(event, room, client) {
  return room.level === 'mentions' ? summons(event, room, client) : room.level !== 'nothing';
}

/** @param {LogEvent} event @param {Room} room @param {Client} client */
function summons(event, room, client) {
  const answered = event.reply_to === undefined || !answers.value ? undefined : room.message(event.reply_to);
  return client.named(event) || (answered !== undefined && client.own(answered) && !client.own(event));
}

/** @param {LogEvent} event @param {Room} room @param {Client} client @returns {Called} */
function calledBy(event, room, client) {
  return { seq: event.seq, by: event.by, text: event.text ?? '', named: summons(event, room, client) };
}

/** @param {LogEvent} event @param {Room} room @param {Client} client */
function hear(event, room, client) {
  if (may.value !== 'yes' || !calls(event, room, client)) return;
  if (!called.has(room.name)) setTimeout(() => next(() => show(room, client)), PAUSE);
  called.set(room.name, [...(called.get(room.name) ?? []), event].slice(-MOST));
}

/** Of rooms that one is not in only the numbers come: what a notification says of them is asked for. @param {import('../../engine/types.js').Brief[]} posts @param {Room} room @param {Client} client */
async function askFor(posts, room, client) {
  const { level, view } = room;
  const fresh = posts.filter((one) => one.seq > view.read && view.counts(/** @type {any} */ ({ type: 'posted', ...one })));
  if (may.value !== 'yes' || level === 'nothing' || fresh.length === 0) return;
  const before = /** @type {import('../../engine/types.js').Brief} */ (fresh.at(-1)).seq + 1;
  const done = await client.ask('history', { room: room.name, before, limit: MOST }).catch(() => null);
  const seqs = new Set(fresh.map((one) => one.seq));
  for (const event of room.messages.take(done?.events ?? [])) if (seqs.has(event.seq) && view.counts(event)) hear(event, room, client);
}

/** One notification for all that a room has called with and that is unread; it takes the place of the one before. @param {Room} room @param {Client} client */
async function show(room, client) {
  const events = called.get(room.name) ?? [];
  called.delete(room.name);
  const looksAt = room === client.rooms.current && client.marks.watching;
  const registration = await worker();
  if (looksAt || registration === undefined) return;
  const [before] = await registration.getNotifications({ tag: room.name });
  const known = /** @type {Called[]} */ (before?.data?.calls ?? []);
  const newest = known.at(-1)?.seq ?? 0;
  const fresh = events.filter((event) => event.seq > newest).map((event) => calledBy(event, room, client));
  const calls = due(room, [...known, ...fresh]);
  if (calls.length > 0 && fresh.length > 0) await raise(registration, client.rooms.called(room), room, calls, true); // else another tab has shown it
}

/** Those that are neither read nor deleted, of a room that was not muted meanwhile. @param {Room} room @param {Called[]} calls */
function due(room, calls) {
  if (room.level === 'nothing') return [];
  const wanted = room.level === 'mentions' ? calls.filter((one) => one.named) : calls;
  return wanted.filter((one) => one.seq > room.view.read && !room.message(one.seq)?.deleted).slice(-MOST);
}

/** @param {ServiceWorkerRegistration} registration @param {string} title @param {Room} room @param {Called[]} calls @param {boolean} loud */
function raise(registration, title, room, calls, loud) {
  const { seq } = /** @type {Called} */ (calls.at(-1));
  const count = calls.length < MOST ? calls.length : `${MOST}+`;
  return registration.showNotification(calls.length > 1 ? `${title} (${count})` : title, /** @type {any} */ ({
    body: bodyOf(room, calls),
    tag: room.name, // other tabs have the same, so that it is shown once
    renotify: loud,
    silent: loud ? undefined : true,
    data: { go: addressOf(room.name, seq), room: room.name, calls },
  }));
}

/** What the newest of them says, by now. @param {Room} room @param {Called[]} calls */
function bodyOf(room, calls) {
  const { seq, by, text } = /** @type {Called} */ (calls.at(-1));
  const now = room.message(seq);
  return sentence(now?.by ?? by, now?.text ?? text, 200);
}

/** What was read or deleted meanwhile is no longer called out, and what was edited says what it says now. @param {Client} client */
async function takeBack(client) {
  const registration = await worker();
  for (const shown of (await registration?.getNotifications()) ?? []) {
    const room = client.rooms.get(shown.data?.room);
    const before = /** @type {Called[]} */ (shown.data?.calls ?? []);
    const held = room === undefined ? [] : await lookAgain(room, before, client);
    const calls = room === undefined ? [] : due(room, before);
    if (room !== undefined && calls.length === before.length && shown.body === bodyOf(room, calls)) continue;
    // With the same tag it takes the place of the one before; a close might be carried out after it, and take it away.
    if (room !== undefined && registration !== undefined && calls.length > 0) await raise(registration, client.rooms.called(room), room, calls, false);
    else shown.close();
    held.length = 0; // until here its messages had to be in memory
  }
}

/** With which counts a room that one is not in was asked the last time. @type {Map<string, string>} */
const asked = new Map();

/** Of a room that one is not in nothing tells what became of a message: it is asked for where its counts changed. @param {Room} room @param {Called[]} calls @param {Client} client */
async function lookAgain(room, calls, client) {
  const counts = `${room.view.read} ${room.view.unread}`;
  if (room.joined || calls.length === 0 || asked.get(room.name) === counts) return [];
  asked.set(room.name, counts);
  const done = await client.ask('history', { room: room.name, after: calls[0].seq - 1, limit: MOST }).catch(() => null);
  return room.messages.take(done?.events ?? []);
}
