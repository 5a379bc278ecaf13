/** The order in which rooms are needed: those that call, those one likes best, the others, those one muted. */

import { onChange, shared } from './keep.js';
import { Topic } from './draw.js';

/** @typedef {import('./room.js').Room} Room */

/** @typedef {{favourites: Room[], unread: Room[], rooms: Room[], muted: Room[]}} Sections */

/** Rooms that the person keeps at hand: an account on all its devices, a guest in this browser. */
export const favourites = {
  changes: new Topic(),

  /** @param {Room} room */
  has: (room) => room.view.favourite || names().has(room.name),

  /** Throws Refusal or Offline. @param {import('./client.js').Client} client @param {Room} room @param {boolean} on */
  async set(client, room, on) {
    const guest = client.you?.guest !== false;
    if (!guest) {
      await client.ask('level', { room: room.name, favourite: on });
      room.view.favourite = on;
    }
    const all = names();
    if (on && guest) all.add(room.name);
    else all.delete(room.name);
    write(all);
  },

  /** What an account liked as a guest, or before that was kept for it. @param {import('./client.js').Client} client */
  share(client) {
    for (const room of client.rooms.all) if (names().has(room.name)) favourites.set(client, room, true).catch(() => {}); // with the next connection
  },

  /** The next person likes others. */
  forget: () => write(new Set()),

  /** A room has another name. @param {string} before @param {string} name */
  move(before, name) {
    const all = names();
    if (all.delete(before)) write(all.add(name));
  },
};

/** @type {Set<string> | undefined} */
let known;

function names() {
  known ??= new Set(shared.get('favourites', /** @type {string[]} */ ([])));
  return known;
}

/** @param {Set<string>} all */
function write(all) {
  known = all;
  shared.set('favourites', all.size > 0 ? [...all] : undefined);
  favourites.changes.changed();
}

onChange((name) => {
  if (name !== 'favourites') return;
  known = undefined;
  favourites.changes.changed();
});

/** Each room once, in the first section where it belongs; what one opened because it called stays there meanwhile. @param {Room[]} rooms @param {Room | null} current @returns {Sections} */
export function byNeed(rooms, current) {
  /** @type {Sections} */
  const sections = { unread: [], favourites: [], rooms: [], muted: [] };
  for (const room of rooms) {
    const called = room === current ? room.calling : room.due > 0;
    if (called) sections.unread.push(room);
    else if (favourites.has(room)) sections.favourites.push(room);
    else sections[room.level === 'nothing' ? 'muted' : 'rooms'].push(room);
  }
  sections.unread.sort((a, b) => Number(b.view.mentions > 0) - Number(a.view.mentions > 0));
  return sections;
}

/** How near a room is to what one does: those that call, then those one looked at, then those where most was going on. @param {Room} a @param {Room} b */
export function nearer(a, b) {
  return Number(b.due > 0) - Number(a.due > 0) || b.shownAt - a.shownAt || b.activeAt - a.activeAt;
}
