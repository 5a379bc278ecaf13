/** What is pasted or dropped: a text goes into the box; files come later, and are refused in words. */

import { put } from './aids.js';
import { dialog } from '../panes/panes.js';
import { placeOf } from '../shell/focus.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */

/** A text that is pasted while no field has the focus is for the box. @param {ClipboardEvent} event @param {string} text */
function takeIn(event, text) {
  const area = placeOf('composer');
  const elsewhere = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement || dialog.value !== '';
  if (elsewhere || text === '' || !(area instanceof HTMLTextAreaElement)) return;
  event.preventDefault();
  put(area, text, area.selectionStart, area.selectionEnd);
}

/** A file is refused where there is no text that is meant as well. @param {Client} client @param {ClipboardEvent} event */
function pasted(client, event) {
  const brought = event.clipboardData;
  if (brought === null) return;
  if (brought.files.length === 0 || brought.types.includes('text/plain')) return takeIn(event, brought.getData('text/plain'));
  event.preventDefault();
  client.tell(t('composer.files'));
}

/** A file that is dropped anywhere would be opened by the browser, which index.html keeps from it. @param {Client} client */
export function refuseFiles(client) {
  addEventListener('paste', (event) => pasted(client, event));
  addEventListener('drop', (event) => event.dataTransfer?.types.includes('Files') && client.tell(t('composer.files')));
}
