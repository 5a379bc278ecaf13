/** Tells the moderators of a message. */

import { useState } from 'preact/hooks';
import { selected } from '../timeline/actions.js';
import { Dialog } from './dialog.js';
import { failure } from './failure.js';
import { dialog } from '../panes/panes.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** Characters of the message that are shown. */
const SHOWN = 300;

export function ReportDialog() {
  const about = selected.value;
  const [reason, setReason] = useState('');
  const [said, say] = useState('');
  if (about === null) return null;
  const { client, room, event } = about;
  /** @param {Event} submitted */
  const submit = (submitted) => {
    submitted.preventDefault();
    client.ask('report', { room: room.name, seq: event.seq, reason: reason.trim() }).then(() => {
      dialog.value = '';
      client.tell(t('report.done'));
    }).catch((why) => say(failure(why)));
  };
  return html`
    <${Dialog} title=${t('report.title')} kind="confirm">
      <blockquote dir="auto">${(event.text ?? '').slice(0, SHOWN)}</blockquote>
      <p>${t('report.about')}</p>
      <form onSubmit=${submit}>
        <label>${t('person.reason')}
          <input name="reason" dir="auto" autocomplete="off" maxlength="500" autofocus value=${reason} onInput=${(/** @type {any} */ typed) => setReason(typed.target.value)} />
        </label>
        <p class="choices">
          <button type="button" onClick=${() => (dialog.value = '')}>${t('page.cancel')}</button>
          <button disabled=${!client.online}>${t('message.report')}</button>
        </p>
      </form>
      <p class="why" role="status">${said}</p>
    <//>
  `;
}
