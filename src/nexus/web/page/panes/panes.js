/** Which parts of the page are open: the panes at its sides, and a dialog. */

import { effect, signal } from '@preact/signals';
import { shared } from '../../engine/keep.js';
import { focusOn } from '../shell/focus.js';

/** Whether there is room for panes beside the messages. */
export const wide = matchMedia('(min-width: 60rem)');

/** @typedef {{rooms: boolean, people: boolean, search?: boolean, replies?: boolean}} Panes search and replies stand where the people do */

/** The rooms are always shown where there is room; this is about small screens. @type {import('@preact/signals').Signal<Panes>} */
export const panes = signal({ rooms: false, people: wide.matches && shared.get('people', true) });

/** @type {import('@preact/signals').Signal<'' | 'switcher' | 'new' | 'person' | 'acts' | 'report' | 'reports' | 'keys' | 'you' | 'room' | 'react' | 'insert' | 'deeds' | 'delete' | 'erase' | 'pins'>} */
export const dialog = signal('');

/** The room that its dialog is about. @type {import('@preact/signals').Signal<import('../../engine/room.js').Room | null>} */
export const asked = signal(null);

/** Tell about a room. @param {import('../../engine/room.js').Room} room */
export function openRoom(room) {
  asked.value = room;
  dialog.value = 'room';
}

/** Someone the person dialog is about, in the room that one looks at. @type {import('@preact/signals').Signal<string>} */
export const someone = signal('');

/** Tell about someone. @param {string} name */
export function openPerson(name) {
  someone.value = name;
  dialog.value = 'person';
}

/** Look for something said. */
export function openSearch() {
  if (panes.value.search) focusOn('search');
  else panes.value = { rooms: false, people: panes.value.people && wide.matches, search: true };
}

/** What was said to a message. @param {import('../../engine/client.js').Client} client @param {import('../../engine/room.js').Room} room @param {number} seq */
export function openReplies(client, room, seq) {
  void client.replies.open(room, seq);
  panes.value = { rooms: false, people: panes.value.people && wide.matches, replies: true };
}

/** Back to the messages. */
export function closeReplies() {
  panes.value = { ...panes.value, replies: false };
  focusOn('composer');
}

/** Back to the messages. */
export function closeSearch() {
  panes.value = { ...panes.value, search: false };
  focusOn('composer');
}

// What stood beside the messages would cover them in a narrower window.
wide.addEventListener('change', () => {
  panes.value = { rooms: false, people: wide.matches && shared.get('people', true) };
});

effect(() => {
  const { people } = panes.value;
  if (wide.matches) shared.set('people', people);
});
