/** Giving one's account up for good. */

import { useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { failure } from './failure.js';
import { dialog } from '../panes/panes.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */

/** @param {{client: Client}} props */
export function EraseDialog({ client }) {
  client.status.watch;
  const [password, setPassword] = useState('');
  const [remove, setRemove] = useState(false);
  const [said, say] = useState('');
  /** @param {Event} event */
  const erase = async (event) => {
    event.preventDefault();
    try {
      await client.erase(password, remove ? 'remove' : 'keep');
      dialog.value = '';
    } catch (why) {
      say(failure(why));
    }
  };
  return html`
    <${Dialog} title=${t('erase.title')}>
      <p class="hint">${t('erase.about')}</p>
      <form onSubmit=${erase}>
        <label>
          ${t('you.oldPassword')}
          <input name="password" type="password" required autocomplete="current-password" value=${password}
            onInput=${(/** @type {any} */ event) => setPassword(event.target.value)} />
        </label>
        <label class="check">
          <input type="checkbox" checked=${remove} onChange=${() => setRemove(!remove)} />
          <span>${t('erase.messages')}</span>
        </label>
        <button disabled=${!client.online}>${t('erase.now')}</button>
      </form>
      <p class="why" role="status">${said}</p>
    <//>
  `;
}
