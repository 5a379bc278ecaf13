/** Which messages are pinned in a room. */

import { Offline } from './connection.js';

/** @typedef {import('./types.js').LogEvent} LogEvent */

/**
 * Ask which messages are pinned, once; later ones are heard of.
 *
 * @param {import('./client.js').Client} client @param {import('./room.js').Room} room
 */
export async function listPins(client, room) {
  room.pins = [];
  const events = [];
  /** @type {number | undefined} */
  let before;
  do {
    const done = await client.ask('pins', { room: room.name, before }).catch((why) => why);
    if (done instanceof Offline) room.pins = null;
    if (done instanceof Error) return; // those in memory are shown all the same
    events.push(...(done.events ?? []));
    before = done.next;
  } while (before !== undefined);
  room.pins = room.messages.take(events).sort((/** @type {LogEvent} */ a, /** @type {LogEvent} */ b) => a.seq - b.seq);
  room.changes.changed();
}
