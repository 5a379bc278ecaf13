/**
 * What is typed and not sent, and what it answers: it belongs to one tab. A copy that all tabs share lets the next tab
 * take over what a closed one left.
 */

import { ofTab, shared } from './keep.js';
import { TAB } from './outbox.js';

const MINE = 'draft.';
const COPIES = 'writing.';
const ANSWERS = 'answering.';

/** @typedef {{seq: number, by: string, text: string}} Answered the message that the next one answers */

/** Who hears which message a draft answers that was taken over, none where it was sent; and that an edit was saved, in another tab. */
export const heir = {
  answers: (/** @type {string} */ _room, /** @type {Answered | undefined} */ _answered) => {},
  edited: (/** @type {string} */ _room, /** @type {number} */ _seq, /** @type {string} */ _text) => {},
};

/** What one answers, by room. @returns {Record<string, Answered | undefined>} */
export function answers() {
  return ofTab.get('replying', {});
}

/** @param {Record<string, Answered | undefined>} [all] */
export function keepAnswers(all) {
  ofTab.set('replying', all);
  shared.set(ANSWERS + TAB, all !== undefined && Object.values(all).some(Boolean) ? all : undefined);
}

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
    const room = name.slice(tab.length + 1);
    if (!takeOver(room, COPIES + name)) continue;
    rooms.push(room);
    const answered = shared.get(ANSWERS + tab, /** @type {Record<string, Answered>} */ ({}))[room];
    if (answered !== undefined) heir.answers(room, answered);
  }
  for (const tab of shared.names(ANSWERS)) if (tab !== TAB && !alive(tab)) shared.set(ANSWERS + tab, undefined);
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

/** The next person finds none. */
export function forget() {
  for (const begins of [COPIES, ANSWERS]) for (const name of shared.names(begins)) shared.set(begins + name, undefined);
  for (const name of shared.names(MINE)) shared.set(MINE + name, undefined);
  for (const name of ofTab.names(MINE)) ofTab.set(MINE + name, undefined);
}
