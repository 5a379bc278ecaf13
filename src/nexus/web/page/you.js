/** One's own name and account. */

import { useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { dialog } from './panes.js';
import { html } from './html.js';
import { Logins } from './logins.js';
import { Settings } from './settings.js';
import { t } from './words.js';

/** @param {{client: import('../engine/client.js').Client}} props */
export function YouDialog({ client }) {
  client.status.watch;
  const [name, setName] = useState(client.name);
  const [password, setPassword] = useState('');
  const [said, say] = useState('');
  const guest = client.you?.guest ?? true;
  /** @param {Event} event @param {() => Promise<unknown>} verb */
  const run = async (event, verb) => {
    event.preventDefault();
    try {
      await verb();
      setPassword('');
      say(t('you.saved'));
    } catch (why) {
      say(why instanceof Error && why.message ? why.message : t('error.offline'));
    }
  };
  const register = () => {
    if (!client.outbox.empty) throw new Error(t('you.wait'));
    return client.register(client.name, password);
  };
  const signOut = () => {
    dialog.value = '';
    void client.signOut();
  };
  return html`
    <${Dialog} title=${t('you.title')}>
      <p class="hint">${t(guest ? 'you.guestLead' : 'you.accountLead')}</p>
      <form onSubmit=${(/** @type {Event} */ event) => run(event, () => client.rename(name.trim()))}>
        <label>
          ${t('you.name')}
          <input name="name" required dir="auto" spellcheck=${false} autocomplete="nickname" value=${name}
            onInput=${(/** @type {any} */ event) => setName(event.target.value)} />
        </label>
        <button disabled=${!client.online || name.trim() === client.name}>${t('you.rename')}</button>
      </form>
      ${guest && html`
        <form onSubmit=${(/** @type {Event} */ event) => run(event, async () => register())}>
          <label>
            ${t('you.password')}
            <input name="password" type="password" required autocomplete="new-password" value=${password}
              onInput=${(/** @type {any} */ event) => setPassword(event.target.value)} />
          </label>
          <button disabled=${!client.online}>${t('you.register', { name: client.name })}</button>
        </form>
      `}
      ${!guest && html`<${Logins} client=${client} say=${say} />`}
      <${Settings} />
      <p class="why" role="status">${said}</p>
      <p class="choices">
        <button type="button" onClick=${() => (dialog.value = 'keys')}>${t('you.keys')}</button>
        <button type="button" onClick=${signOut}>${t(guest ? 'you.forget' : 'you.signOut')}</button>
      </p>
    <//>
  `;
}
