/** Asks once before a message is deleted: Enter does it, Escape does not. */

import { amend, subject } from './deeds.js';
import { Dialog } from './dialog.js';
import { dialog } from './panes.js';
import { html } from './html.js';
import { t } from './words.js';

/** Characters of the message that are shown. */
const SHOWN = 300;

export function DeleteDialog() {
  const about = subject.value;
  if (about === null) return null;
  const { client, event } = about;
  /** @param {Event} submitted */
  const submit = (submitted) => {
    submitted.preventDefault();
    dialog.value = '';
    amend(about, 'delete');
  };
  return html`
    <${Dialog} title=${t('delete.title')} kind="confirm">
      <blockquote dir="auto">${(event.text ?? '').slice(0, SHOWN)}</blockquote>
      <p>${client.own(event) ? t('delete.own') : t('delete.other', { name: event.by })}</p>
      <form class="choices" onSubmit=${submit}>
        <button type="button" onClick=${() => (dialog.value = '')}>${t('page.cancel')}</button>
        <button class="danger" autofocus>${t('delete.yes')}</button>
      </form>
    <//>
  `;
}
