/** Arrow keys go from message to message, of those that are stored; single keys do something with the one they are on. */

import { focusOn, placeOf } from '../shell/focus.js';
import { letterOf } from '../shell/typing.js';
import { act, actionsFor } from './actions.js';
import { aboutRow } from './deeds.js';

/** @typedef {import('./actions.js').Action} Action */
/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */

/** What each key does with the message that one has walked to. @type {Record<string, Action>} */
const KEYS = { r: 'reply', e: 'edit', '+': 'react', p: 'pin', c: 'link', u: 'unread', f: 'report', Delete: 'delete' };

/** The message that keys have led to: a letter typed after a click is none of these keys. @type {HTMLElement | null} */
let walkedTo = null;

addEventListener('pointerdown', endWalk, true);

/** What is typed from now on is text: one clicked, or did what one had walked here for. */
export function endWalk() {
  walkedTo = null;
}

/** Whether keys led to the message that has the focus. */
export function walking() {
  return walkedTo?.contains(document.activeElement) ?? false;
}

/** @param {KeyboardEvent} event @param {Client} client @param {Room} room */
export function walk(event, client, room) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const log = /** @type {HTMLElement} */ (event.currentTarget);
  const rows = rowsIn(log);
  const at = rows.findIndex((row) => row.contains(/** @type {Node} */ (event.target)));
  if (at < 0 && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) step(event, nearest(log, rows, event.key === 'ArrowUp'));
  else if (event.key === 'ArrowUp') step(event, rows[at - 1]);
  else if (event.key === 'ArrowDown' && at === rows.length - 1) leave(event);
  else if (event.key === 'ArrowDown') step(event, rows[at + 1]);
  else if (keyOf(event) in KEYS && at >= 0 && rows[at] === walkedTo) press(event, rows[at], client, room);
}

/** Of what one sees from the log itself, the last or the first. @param {HTMLElement} log @param {HTMLElement[]} rows @param {boolean} last */
function nearest(log, rows, last) {
  const { top, bottom } = log.getBoundingClientRect();
  const seen = (/** @type {HTMLElement} */ row) => row.getBoundingClientRect().top < bottom - 1 && row.getBoundingClientRect().bottom > top + 1;
  return last ? rows.findLast(seen) ?? rows.at(-1) : rows.find(seen) ?? rows[0];
}

/** Go to the newest message from the box to write in; false where there is none. */
export function walkIn() {
  const log = placeOf('log');
  const last = log === undefined ? undefined : rowsIn(log).at(-1);
  if (last !== undefined) goTo(last);
  return last !== undefined;
}

/** With Shift a letter is text, on any layout. @param {KeyboardEvent} event */
function keyOf(event) {
  return event.shiftKey || event.key.length > 1 ? event.key : letterOf(event);
}

/** @param {HTMLElement} log @returns {HTMLElement[]} */
function rowsIn(log) {
  return [...log.querySelectorAll('article[data-seq], .happening button')].filter((row) => row instanceof HTMLElement);
}

/** @param {KeyboardEvent} event @param {HTMLElement | undefined} row */
function step(event, row) {
  event.preventDefault();
  if (row !== undefined) goTo(row);
}

/** @param {HTMLElement} row */
function goTo(row) {
  walkedTo = row;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
}

/** @param {KeyboardEvent} event */
function leave(event) {
  event.preventDefault();
  focusOn('composer');
}

/** @param {KeyboardEvent} event @param {HTMLElement} row @param {Client} client @param {Room} room */
function press(event, row, client, room) {
  const about = aboutRow(row, client, room);
  if (about === undefined) return;
  event.preventDefault();
  const action = KEYS[keyOf(event)];
  if (actionsFor(about).includes(action)) act(action, about, row.getBoundingClientRect());
}
