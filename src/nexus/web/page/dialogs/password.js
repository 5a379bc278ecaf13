/** Another password for one's account. */

import { useState } from 'preact/hooks';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */

/** @param {{client: Client, say: (sentence: string) => void}} props */
export function PasswordForm({ client, say }) {
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  /** @param {Event} event */
  const change = async (event) => {
    event.preventDefault();
    try {
      await client.changePassword(old, fresh);
      setOld('');
      setFresh('');
      say(t('you.changed'));
    } catch (why) {
      say(why instanceof Error && why.message ? why.message : t('error.offline'));
    }
  };
  return html`
    <form onSubmit=${change}>
      <h3>${t('you.changePassword')}</h3>
      <${Field} name="old" label=${t('you.oldPassword')} autocomplete="current-password" value=${old} set=${setOld} />
      <${Field} name="new" label=${t('you.newPassword')} autocomplete="new-password" value=${fresh} set=${setFresh} />
      <button disabled=${!client.online}>${t('you.change')}</button>
    </form>
  `;
}

/** @param {{name: string, label: string, autocomplete: string, value: string, set: (value: string) => void}} props */
function Field({ name, label, autocomplete, value, set }) {
  return html`
    <label>
      ${label}
      <input name=${name} type="password" required autocomplete=${autocomplete} value=${value}
        onInput=${(/** @type {any} */ event) => set(event.target.value)} />
    </label>
  `;
}
