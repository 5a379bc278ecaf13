/** The order in which rooms are needed: those that call, those one likes best, the others, those one muted. */

import { onChange, shared } from './keep.js';
import { Topic } from './draw.js';

/** @typedef {import('./room.js').Room} Room */

/** @typedef {{favourites: Room[], unread: Room[], rooms: Room[], muted: Room[]}} Sections */

/** Rooms that the person keeps at hand, in this browser. */
export const favourites = {
  changes: new Topic(),

  /** @param {string} name */
  has: (name) => names().has(name),

  /** @param {string} name @param {boolean} on */
  set(name, on) {
    const all = names();
    if (on) all.add(name);
    else all.delete(name);
    write(all);
  },

  /** Whoever comes next likes others. */
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
    else if (favourites.has(room.name)) sections.favourites.push(room);
    else sections[room.level === 'nothing' ? 'muted' : 'rooms'].push(room);
  }
  sections.unread.sort((a, b) => Number(b.view.mentions > 0) - Number(a.view.mentions > 0));
  return sections;
}

/** How near a room is to what one does: those that call, then those one looked at, then those where most was going on. @param {Room} a @param {Room} b */
export function nearer(a, b) {
  return Number(b.due > 0) - Number(a.due > 0) || b.shownAt - a.shownAt || b.activeAt - a.activeAt;
}
