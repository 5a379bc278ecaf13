/** Opens what can be done with a message where a finger rests on it, or touches its button. */

import { foresee } from '../../engine/foreseen.js';
import { dialog } from '../panes/panes.js';
import { oneself, selected } from './actions.js';
import { rest } from './resting.js';

/** @typedef {import('./actions.js').About} About */

/** @param {About} about */
export function openDeeds(about) {
  selected.value = about;
  dialog.value = 'deeds';
}

/** The stored message of a row, as it is about to be. @param {Element | null} row @param {import('../../engine/client.js').Client} client @param {import('../../engine/room.js').Room} room @returns {About | undefined} */
export function aboutRow(row, client, room) {
  const stored = row instanceof HTMLElement ? room.message(Number(row.dataset.seq ?? 0)) : undefined;
  if (stored === undefined) return undefined;
  const changes = client.outbox.changesIn(room.name).get(stored.seq) ?? [];
  return { client, room, event: foresee(stored, changes, oneself(client)) };
}

/** A finger is on the messages. @param {PointerEvent} event @param {import('../../engine/client.js').Client} client @param {import('../../engine/room.js').Room} room */
export function hold(event, client, room) {
  const target = /** @type {Element} */ (event.target);
  const row = target.closest('.text a, .quote, button:not(.by)') ? null : target.closest('article[data-seq]'); // those have their own
  if (row === null) return;
  rest(event, () => {
    const about = aboutRow(row, client, room);
    if (about !== undefined) openDeeds(about);
  });
}
