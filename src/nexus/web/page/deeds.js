/** What a person may do with a message, and doing it: the toolbar, the keys and the reactions all come here. */

import { signal } from '@preact/signals';
import { reactedBy } from '../engine/foreseen.js';
import { copy } from './code.js';
import { dialog } from './panes.js';
import { editing } from './editing.js';
import { replying } from './replying.js';
import { addressOf } from './route.js';
import { t } from './words.js';

/** @typedef {import('../engine/client.js').Client} Client */
/** @typedef {import('../engine/room.js').Room} Room */
/** @typedef {import('../engine/types.js').LogEvent} LogEvent */
/** @typedef {'react' | 'reply' | 'edit' | 'pin' | 'link' | 'delete'} Deed */
/** @typedef {{client: Client, room: Room, event: LogEvent}} Subject */

/** Whom an open dialog is about, and where on the window it was asked for. @type {import('@preact/signals').Signal<(Subject & {near?: DOMRect}) | null>} */
export const subject = signal(null);

/** Oneself, as a reaction names people. @param {Client} client @returns {import('../engine/types.js').Person} */
export function oneself(client) {
  return client.you?.guest === false ? { by: client.name } : { by: client.name, guest: true };
}

/** What one may do with a message, in the order of the toolbar. @param {Subject} about @returns {Deed[]} */
export function deedsFor({ client, event }) {
  if (event.deleted) return ['link'];
  const own = client.own(event);
  /** @type {[Deed, boolean][]} */
  const deeds = [
    ['react', true],
    ['reply', true],
    ['edit', own],
    ['pin', client.you?.guest === false],
    ['link', true],
    ['delete', own || client.you?.role === 'admin'],
  ];
  return deeds.filter(([, allowed]) => allowed).map(([deed]) => deed);
}

/** Do one of them. @param {Deed} deed @param {Subject} about @param {DOMRect} [near] where it was asked for */
export function act(deed, about, near) {
  const { client, room, event } = about;
  if (deed === 'reply') {
    editing.set(room);
    replying.set(room, { seq: event.seq, by: event.by, text: event.text ?? '' });
    document.getElementById('composer')?.focus();
  } else if (deed === 'edit') {
    editing.begin(room, event.seq, event.text ?? '');
  } else if (deed === 'pin') {
    amend(about, event.pinned ? 'unpin' : 'pin');
  } else if (deed === 'link') {
    void link(client, room, event);
  } else {
    subject.value = { ...about, near };
    dialog.value = deed;
  }
}

/** @param {Client} client @param {Room} room @param {LogEvent} event */
async function link(client, room, event) {
  if (await copy(new URL(addressOf(room.name, event.seq), location.href).href)) client.tell(t('room.copied'));
}

/** Put an emoji to a message, or take it back. @param {Subject} about @param {string} emoji */
export function toggle(about, emoji) {
  amend(about, reactedBy(about.event, emoji, oneself(about.client)) ? 'unreact' : 'react', { emoji });
}

/**
 * @param {Subject} about @param {import('../engine/outbox.js').Verb} verb
 * @param {{text?: string, emoji?: string}} [fields]
 */
export function amend({ client, room, event }, verb, fields) {
  if (!client.amend(room, event.seq, verb, fields)) client.tell(t('composer.tooMany'));
}
