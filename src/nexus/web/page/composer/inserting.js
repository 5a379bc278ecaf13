/** Into which box the emoji goes that one chooses from all of them. */

import { put } from './aids.js';
import { dialog } from '../panes/panes.js';

/** @type {{area: HTMLTextAreaElement, near: DOMRect} | null} */
let chosen = null;

/** Choose an emoji for a box. @param {HTMLTextAreaElement | null} area @param {HTMLElement} button */
export function insertAt(area, button) {
  if (area === null) return;
  chosen = { area, near: button.getBoundingClientRect() };
  dialog.value = 'insert';
}

/** Where on the window it was asked for. */
export function insertedNear() {
  return chosen?.near;
}

/** Put an emoji where the caret was, once nothing is before the box any more. @param {string} emoji */
export function insert(emoji) {
  const area = chosen?.area;
  if (area !== undefined) setTimeout(() => put(area, emoji, area.selectionStart, area.selectionEnd));
}
