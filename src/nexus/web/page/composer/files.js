/** Files come later: until then one that is pasted or dropped is refused in words, and does not take the page's place. */

import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */

/** A file in what is pasted, where there is no text that is meant as well. @param {Client} client @param {ClipboardEvent} event */
function pasted(client, event) {
  const brought = event.clipboardData;
  if (brought === null || brought.files.length === 0 || brought.types.includes('text/plain')) return;
  event.preventDefault();
  client.tell(t('composer.files'));
}

/** A file that is dropped anywhere would be opened by the browser, which index.html keeps from it. @param {Client} client */
export function refuseFiles(client) {
  addEventListener('paste', (event) => pasted(client, event));
  addEventListener('drop', (event) => event.dataTransfer?.types.includes('Files') && client.tell(t('composer.files')));
}
