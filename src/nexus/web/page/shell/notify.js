/** Notifications of the browser: only where the person asked for them, and only of what they have not seen. */

import { effect, signal } from '@preact/signals';
import { onChange, shared } from '../../engine/keep.js';
import { addressOf } from './route.js';
import { sentence } from '../timeline/sentence.js';
import { worker } from './worker.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */
/** @typedef {import('../../engine/types.js').LogEvent} LogEvent */

/** Milliseconds in which another tab or device may show that the person has seen it. */
const PAUSE = 1000;

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

/** Notify of what comes, and take back what was read meanwhile, here or elsewhere. @param {Client} client */
export function listenForNews(client) {
  const again = () => (may.value = now()); // not with each message: to ask the browser takes long
  void navigator.permissions?.query({ name: 'notifications' }).then((told) => (told.onchange = again), () => {});
  onChange((name) => name === 'notify' && again());
  client.rooms.hearers.add((event, room) => {
    if (may.value !== 'yes' || !calls(event, room, client)) return;
    setTimeout(() => void show(event, room, client), PAUSE);
  });
  effect(() => {
    client.rooms.changes.watch;
    if (may.value === 'yes') void takeBack(client);
  });
}

/** Whether the person wants to be told of a message. @param {LogEvent} event @param {Room} room @param {Client} client */
function calls(event, room, client) {
  return room.level === 'mentions' ? client.named(event) : room.level !== 'nothing';
}

/** @param {LogEvent} event @param {Room} room @param {Client} client */
async function show(event, room, client) {
  const looksAt = room === client.rooms.current && client.marks.watching;
  if (looksAt || event.seq <= room.view.read) return;
  const text = room.message(event.seq)?.text ?? event.text ?? '';
  if (text === '') return; // deleted meanwhile
  await (await worker())?.showNotification(`#${room.name}`, {
    body: sentence(event.by, text, 200),
    tag: `${room.name}/${event.seq}`, // other tabs have the same, so that it is shown once
    data: { go: addressOf(room.name, event.seq), room: room.name, seq: event.seq },
  });
}

/** @param {Client} client */
async function takeBack(client) {
  for (const shown of (await (await worker())?.getNotifications()) ?? []) {
    const room = client.rooms.get(shown.data?.room);
    if (room === undefined || shown.data.seq <= room.view.read) shown.close();
  }
}
