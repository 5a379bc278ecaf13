/** What Enter does in the message box: it sends, or begins a line. With Control or Command it always sends, with Shift never. */

import { signal } from '@preact/signals';
import { onChange, shared } from '../../engine/keep.js';

export const ENTERS = /** @type {const} */ (['send', 'line']);

/** With fingers on glass, where there is no other keyboard, a line is what one most likely means. @returns {typeof ENTERS[number]} */
function usual() {
  return matchMedia('(hover: none) and (pointer: coarse)').matches ? 'line' : 'send';
}

/** @type {import('@preact/signals').Signal<typeof ENTERS[number]>} */
export const enters = signal(shared.get('enter', usual()));

/** @param {typeof ENTERS[number]} chosen */
export function chooseEnter(chosen) {
  shared.set('enter', chosen === usual() ? undefined : chosen);
  enters.value = chosen;
}

onChange((name) => {
  if (name === 'enter') enters.value = shared.get('enter', usual());
});

/** Whether this Enter sends. @param {KeyboardEvent} event */
export function sends({ ctrlKey, metaKey, shiftKey }) {
  return ctrlKey || metaKey || (!shiftKey && enters.value === 'send');
}
