/** Rooms that have another name: what is known of them, and waits for them, goes with them. */

import { shared } from './keep.js';

/** @typedef {import('./rooms.js').Rooms} Rooms */

/** What is known of rooms under names that they had is under their own from now on. @param {Rooms} rooms @param {import('./types.js').RoomInfo[]} infos */
export function follow(rooms, infos) {
  for (const { name, former } of infos) for (const before of former ?? []) rooms.move(before, name);
}

/**
 * A room that is known has another name; false where it is not known.
 *
 * @param {Rooms} rooms @param {Map<string, import('./room.js').Room>} all @param {string} before @param {string} name
 */
export function move(rooms, all, before, name) {
  const room = all.get(before);
  rooms.listed = rooms.listed.map((one) => (one.name === before ? { ...one, name } : one));
  if (room === undefined) return false;
  all.delete(before);
  rooms.client.moves(before, name);
  const known = all.get(name) ?? room; // it may be here already, where one entered it by both names
  all.set(name, known);
  if (rooms.current === room) rooms.current = known;
  known.called(before);
  if (shared.get('last', '') === before) shared.set('last', name);
  rooms.onMove(before, name);
  return true;
}

/** The room that had a name, which none has now. @param {string} name @param {Map<string, import('./room.js').Room>} all @param {{name: string}[]} listed */
export function formerly(name, all, listed) {
  if (listed.some((one) => one.name === name)) return undefined;
  return [...all.values()].find((room) => room.view.info.former?.includes(name));
}
