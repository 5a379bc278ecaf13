/** The last messages of the rooms one was in last, kept in the browser: without a connection there is something to read. */

import { effect } from '@preact/signals-core';
import { shared } from './keep.js';

/** @typedef {import('./types.js').LogEvent} LogEvent */
/** @typedef {import('./room.js').Room} Room */

const BEGINS = 'recent.';

/** Rooms of which something is kept, messages of each, and characters that these may take. */
const ROOMS = 10;
const EVENTS = 40;
const LONGEST = 60_000;

/** Milliseconds in which changes are kept together. */
const SOON = 3000;

/** What is kept of a room. @param {string} name @returns {LogEvent[]} */
export function recall(name) {
  return shared.get(BEGINS + name, []);
}

/** Keep nothing of a room. @param {string} name */
export function drop(name) {
  shared.set(BEGINS + name, undefined);
}

/** Keep nothing, but of the rooms that are named. @param {string[]} [names] */
export function dropAll(names = []) {
  for (const name of shared.names(BEGINS)) if (!names.includes(name)) drop(name);
}

/** Keep what comes from now on. @param {import('./client.js').Client} client */
export function keepRecent(client) {
  /** What is kept by now, by room. @type {Map<string, string>} */
  const written = new Map();
  let waiting = false;
  const write = () => {
    waiting = false;
    if (shared.get('me', null) !== null) writeAll(client, written);
  };
  effect(() => {
    client.rooms.changes.watch;
    if (!waiting) setTimeout(write, SOON);
    waiting = true;
  });
  addEventListener('pagehide', write);
}

/** @param {import('./client.js').Client} client @param {Map<string, string>} written */
function writeAll(client, written) {
  const rooms = client.rooms.all.sort((a, b) => b.shownAt - a.shownAt || b.activeAt - a.activeAt);
  if (client.online) dropAll(rooms.map((room) => room.name));
  for (const room of rooms.slice(0, ROOMS)) {
    const text = room.shownAt > 0 ? newest(room, client) : '';
    if (text === '' || text === written.get(room.name)) continue;
    written.set(room.name, text);
    shared.set(BEGINS + room.name, JSON.parse(text));
  }
  for (const room of rooms.slice(ROOMS)) drop(room.name);
}

/** The newest messages of a room, where they are in memory; none by somebody whom one ignores. @param {Room} room @param {import('./client.js').Client} client */
function newest({ stretch }, client) {
  if (!stretch.filled || stretch.kept || stretch.newer) return '';
  const events = stretch.events.slice(-EVENTS).filter((event) => !client.ignoring.hides(event));
  let text = JSON.stringify(events);
  while (text.length > LONGEST) {
    events.splice(0, Math.ceil(events.length / 4));
    text = JSON.stringify(events);
  }
  return text;
}
