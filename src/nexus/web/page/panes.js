/** Which parts of the page are open: the panes at its sides, and a dialog. */

import { effect, signal } from '@preact/signals';
import { shared } from '../engine/keep.js';

/** Whether there is room for panes beside the messages. */
export const wide = matchMedia('(min-width: 60rem)');

/** The rooms are always shown where there is room; this is about small screens. */
export const panes = signal({ rooms: false, people: wide.matches && shared.get('people', true) });

/** @type {import('@preact/signals').Signal<'' | 'switcher' | 'keys' | 'you'>} */
export const dialog = signal('');

// What stood beside the messages would cover them in a narrower window.
wide.addEventListener('change', () => {
  panes.value = { rooms: false, people: wide.matches && shared.get('people', true) };
});

effect(() => {
  const { people } = panes.value;
  if (wide.matches) shared.set('people', people);
});
