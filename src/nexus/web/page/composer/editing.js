/** Which of one's messages is being edited in the message box, and how far one is; kept over a reload. */

import { signal } from '@preact/signals';
import { heir } from '../../engine/drafts.js';
import { ofTab } from '../../engine/keep.js';
import { revocable } from '../../engine/outbox.js';
import { focusOn } from '../shell/focus.js';
import { replying } from './replying.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */
/** @typedef {{seq: number, before: string, text: string}} Edited a message, its text, and the one it shall have */

/** By room. @type {import('@preact/signals').Signal<Record<string, Edited | undefined>>} */
const chosen = signal(ofTab.get('editing', {}));

export const editing = {
  /** @param {{name: string}} room */
  of(room) {
    return chosen.value[room.name];
  },

  /** @param {{name: string}} room @param {Edited} [edited] none to end it */
  set(room, edited) {
    chosen.value = { ...chosen.value, [room.name]: edited };
    ofTab.set('editing', chosen.value);
  },

  /** A room has another name. @param {string} before @param {string} name */
  move(before, name) {
    const { [before]: edited, ...others } = chosen.value;
    if (edited !== undefined) editing.set({ name }, others[name] ?? edited);
    editing.set({ name: before });
  },

  /** The next person edits nothing. */
  forget() {
    chosen.value = {};
    ofTab.set('editing', undefined);
  },

  /** Begin; the draft waits meanwhile. @param {Room} room @param {number} seq @param {string} before @param {string} [text] */
  begin(room, seq, before, text = before) {
    editing.set(room, { seq, before, text });
    room.drafted.changed(); // also where it is the message that is edited already
    focusOn('composer');
  },
};

heir.edited = (name, seq, text) => {
  const edited = editing.of({ name });
  if (edited?.seq === seq && edited.text === text) editing.set({ name });
};

/**
 * Begin with one's own newest message, once it is stored; false where there is none to edit.
 *
 * @param {Client} client @param {Room} room
 */
export function editNewest(client, room) {
  const waiting = client.outbox.of(room.name).findLast((one) => one.seq === undefined && one.refused === undefined);
  if (waiting !== undefined) {
    if (!client.online && revocable(waiting)) rethink(client, room, waiting);
    else client.tell(t('composer.editSoon'));
    return true;
  }
  const events = [...room.stretch.events, ...room.view.events];
  const own = events.filter((event) => event.type === 'posted' && !event.deleted && client.own(event));
  const newest = own.reduce((/** @type {typeof own[0] | undefined} */ a, b) => (a === undefined || b.seq > a.seq ? b : a), undefined);
  if (newest === undefined) return false;
  const text = client.outbox.changesIn(room.name).get(newest.seq)?.findLast((one) => one.verb === 'edit')?.text;
  editing.begin(room, newest.seq, text ?? newest.text ?? '');
  return true;
}

/**
 * Take a message that no server has back into the box, before what is written there.
 *
 * @param {Client} client @param {Room} room @param {import('../../engine/outbox.js').Waiting} waiting
 */
export function rethink(client, room, { nonce, reply_to }) {
  room.draft = [client.takeBack(room, nonce), room.draft].filter(Boolean).join('\n');
  const answered = room.message(reply_to ?? 0);
  if (answered !== undefined) replying.set(room, { seq: answered.seq, by: answered.by, text: answered.text ?? '' });
  room.drafted.changed();
  focusOn('composer');
}

/**
 * Save the new text; false where it cannot be taken now.
 *
 * @param {Client} client @param {Room} room @param {Edited} edited
 */
export function saveEdit(client, room, { seq, before, text }) {
  if (text !== before && !client.amend(room, seq, 'edit', { text })) return false;
  editing.set(room);
  return true;
}
