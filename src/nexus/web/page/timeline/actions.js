/** What a person may do with a message, and doing it: the toolbar, the keys and the reactions all come here. */

import { signal } from '@preact/signals';
import { ownRank, rankOf } from '../../engine/roles.js';
import { reactedBy } from '../../engine/foreseen.js';
import { copy } from './code.js';
import { dialog } from '../panes/panes.js';
import { editing } from '../composer/editing.js';
import { replying } from '../composer/replying.js';
import { focusOn } from '../shell/focus.js';
import { addressOf } from '../shell/route.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */
/** @typedef {import('../../engine/types.js').LogEvent} LogEvent */
/** @typedef {'react' | 'reply' | 'edit' | 'pin' | 'link' | 'unread' | 'report' | 'delete'} Action */
/** @typedef {{client: Client, room: Room, event: LogEvent}} About */

/** Whom an open dialog is about, and where on the window it was asked for. @type {import('@preact/signals').Signal<(About & {near?: DOMRect}) | null>} */
export const selected = signal(null);

/** Oneself, as a reaction names people. @param {Client} client @returns {import('../../engine/types.js').Person} */
export function oneself(client) {
  return client.you?.guest === false ? { by: client.name } : { by: client.name, guest: true };
}

/** What one may do with a message, in the order of the toolbar. @param {About} about @returns {Action[]} */
export function actionsFor({ client, room, event }) {
  if (event.deleted) return ['link'];
  const own = client.own(event);
  /** @type {[Action, boolean][]} */
  const actions = [
    ['react', true],
    ['reply', true],
    ['edit', own],
    ['pin', client.you?.guest === false],
    ['link', true],
    ['unread', !own],
    ['report', !own],
    ['delete', own || ownRank(client, room) >= rankOf('moderator')],
  ];
  return actions.filter(([, allowed]) => allowed).map(([action]) => action);
}

/** Do one of them. @param {Action} action @param {About} about @param {DOMRect} [near] where it was asked for */
export function act(action, about, near) {
  const { client, room, event } = about;
  if (action === 'reply') {
    editing.set(room);
    replying.set(room, { seq: event.seq, by: event.by, text: event.text ?? '' });
    focusOn('composer');
  } else if (action === 'edit') {
    editing.begin(room, event.seq, event.text ?? '');
  } else if (action === 'pin') {
    amend(about, event.pinned ? 'unpin' : 'pin');
  } else if (action === 'link') {
    void link(client, room, event);
  } else if (action === 'unread') {
    client.marks.unreadFrom(room, event.seq).catch((why) => client.tell(why.message || t('error.offline')));
  } else {
    selected.value = { ...about, near };
    dialog.value = action;
  }
}

/** @param {Client} client @param {Room} room @param {LogEvent} event */
async function link(client, room, event) {
  if (await copy(new URL(addressOf(room.name, event.seq), location.href).href)) client.tell(t('room.copied'));
}

/** React with an emoji to a message, or take it back. @param {About} about @param {string} emoji */
export function toggle(about, emoji) {
  amend(about, reactedBy(about.event, emoji, oneself(about.client)) ? 'unreact' : 'react', { emoji });
}

/**
 * @param {About} about @param {import('../../engine/outbox.js').Verb} verb
 * @param {{text?: string, emoji?: string}} [fields]
 */
export function amend({ client, room, event }, verb, fields) {
  if (!client.amend(room, event.seq, verb, fields)) client.tell(t('composer.tooMany'));
}
