/** Asks once before a message is deleted: Enter does it, Escape does not. */

import { amend, selected } from '../timeline/actions.js';
import { Dialog } from './dialog.js';
import { dialog } from '../panes/panes.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** Characters of the message that are shown. */
const SHOWN = 300;

export function DeleteDialog() {
  const about = selected.value;
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
