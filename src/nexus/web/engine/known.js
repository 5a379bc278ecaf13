/** The rooms that are known: in order, kept over a reload; and in which few of many one is. */

import { shared } from './keep.js';

/** @typedef {import('./room.js').Room} Room */

/** In so many rooms an account is at once; of what is said in its others it hears no text until it opens them. */
export const NEAR = 20;

const collator = new Intl.Collator();

/** By what they are called. @param {Iterable<Room>} rooms @param {(room: Room) => string} label */
export function sorted(rooms, label) {
  const labelled = [...rooms].map((room) => ({ room, label: label(room) }));
  labelled.sort((a, b) => collator.compare(a.label, b.label) || collator.compare(a.room.name, b.room.name));
  return labelled.map(({ room }) => room);
}

/**
 * The rooms to be in: all of a guest's, who hears of no others; of an account's those where most was going on.
 *
 * @param {Room[]} rooms @param {Room | null} current @param {boolean} guest
 */
export function nearest(rooms, current, guest) {
  if (guest || rooms.length <= NEAR) return rooms;
  const heard = rooms.filter((room) => room !== current && room.level !== 'nothing');
  heard.sort((a, b) => b.shownAt - a.shownAt || b.activeAt - a.activeAt);
  return [...(current === null ? [] : [current]), ...heard].slice(0, NEAR);
}

/** Their names, and what those are that are not called by them, for the next time. @param {Room[]} rooms */
export function keep(rooms) {
  shared.set('rooms', rooms.map((room) => room.name).sort());
  const kept = rooms.map(({ name, view: { info: { kind, title, people } } }) => ({ name, kind, title, people }));
  shared.set('kinds', Object.fromEntries(kept.filter(({ kind }) => kind !== undefined && kind !== 'open').map((one) => [one.name, one])));
}

/** What was kept of a room. @returns {Record<string, import('./types.js').RoomInfo>} */
export function kept() {
  return shared.get('kinds', {});
}
