/** What one has just done and can take back: a sentence with a button, for as long as it is shown. */

import { signal } from '@preact/signals';
import { failure } from '../dialogs/failure.js';
import { html } from './html.js';
import { t } from './language.js';

/** @typedef {import('../../engine/client.js').Client} Client */

/** @type {import('@preact/signals').Signal<{sentence: string, act: number} | null>} */
const offered = signal(null);

/** Say what was done, by which act. @param {Client} client @param {string} sentence @param {number} act */
export function offerUndo(client, sentence, act) {
  offered.value = { sentence, act };
  client.tell(sentence);
}

/** @param {{client: Client}} props */
export function UndoButton({ client }) {
  const act = offered.value !== null && offered.value.sentence === client.notice ? offered.value.act : 0;
  if (act === 0) return null;
  const undo = () => client.ask('undo', { act }).then(() => client.tell(t('sanction.undone')), (why) => client.tell(failure(why)));
  return html` <button type="button" class="link" disabled=${!client.online} onClick=${undo}>${t('sanction.undo')}</button>`;
}
