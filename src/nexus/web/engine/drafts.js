/**
 * What is typed and not sent: it belongs to one tab. A copy that all tabs share lets the next tab take over what a closed
 * one left.
 */

import { ofTab, shared } from './keep.js';
import { TAB } from './outbox.js';

const MINE = 'draft.';
const COPIES = 'writing.';

/** @param {string} room */
export function read(room) {
  return ofTab.get(MINE + room, '');
}

/** @param {string} room @param {string} text */
export function write(room, text) {
  ofTab.set(MINE + room, text || undefined);
  shared.set(`${COPIES}${TAB}.${room}`, text || undefined);
}

/** A room has another name. @param {string} before @param {string} room */
export function move(before, room) {
  const text = read(before);
  write(before, '');
  if (text !== '' && read(room) === '') write(room, text);
}

/**
 * Take over what tabs left that are no more; the names of the rooms.
 *
 * @param {(tab: string) => boolean} alive whether a tab is still there
 */
export function adopt(alive) {
  const rooms = [];
  for (const name of shared.names(COPIES)) {
    const [tab] = name.split('.', 1);
    if (tab === TAB || alive(tab)) continue;
    if (takeOver(name.slice(tab.length + 1), COPIES + name)) rooms.push(name.slice(tab.length + 1));
  }
  for (const room of shared.names(MINE)) if (takeOver(room, MINE + room)) rooms.push(room); // as older pages kept them
  return rooms;
}

/** @param {string} room @param {string} from where it is kept */
function takeOver(room, from) {
  const text = shared.get(from, '');
  shared.set(from, undefined);
  if (text === '' || read(room) !== '') return false;
  write(room, text);
  return true;
}

/** Whoever comes next finds none. */
export function forget() {
  for (const name of shared.names(COPIES)) shared.set(COPIES + name, undefined);
  for (const name of shared.names(MINE)) shared.set(MINE + name, undefined);
  for (const name of ofTab.names(MINE)) ofTab.set(MINE + name, undefined);
}
