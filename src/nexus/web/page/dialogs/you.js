/** One's own name and account. */

import { useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { administers, moderates } from '../../engine/roles.js';
import { DownloadButton } from './download.js';
import { Inviting } from './invite.js';
import { dialog } from '../panes/panes.js';
import { html } from '../shell/html.js';
import { Logins } from './logins.js';
import { PasswordForm } from './password.js';
import { Protecting } from './protecting.js';
import { Settings } from './settings.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */

/** @param {{client: Client}} props */
export function YouDialog({ client }) {
  client.status.watch;
  const [status, say] = useState('');
  const guest = client.you?.guest ?? true;
  /** @param {Event} event @param {() => Promise<unknown>} verb */
  const run = async (event, verb) => {
    event.preventDefault();
    try {
      await verb();
      say(t('you.saved'));
    } catch (why) {
      say(why instanceof Error && why.message ? why.message : t('error.offline'));
    }
  };
  const signOut = (everywhere = false) => {
    dialog.value = '';
    void client.signOut(everywhere);
  };
  return html`
    <${Dialog} title=${t('you.title')}>
      <p class="hint">${t(guest ? 'you.guestLead' : 'you.accountLead')}</p>
      <${NameForm} client=${client} run=${run} />
      ${guest && html`<${AccountForm} client=${client} run=${run} />`}
      ${!guest && html`<${PasswordForm} client=${client} say=${say} /><${Logins} client=${client} say=${say} />`}
      ${administers(client.you?.role) && html`<${Inviting} client=${client} say=${say} />`}
      <${Protecting} client=${client} say=${say} />
      <${Settings} />
      <p class="why" role="status">${status}</p>
      <p class="choices">
        <button type="button" onClick=${() => (dialog.value = 'keys')}>${t('you.keys')}</button>
        ${moderates(client.you?.role) && html`<button type="button" onClick=${() => (dialog.value = 'reports')}>${t('reports.title')}</button>`}
        ${!guest && html`<button type="button" onClick=${() => (dialog.value = 'acts')}>${t('acts.title')}</button>`}
        ${!guest && html`<${DownloadButton} client=${client} say=${say} />`}
        ${!guest && html`<button type="button" onClick=${() => (dialog.value = 'erase')}>${t('erase.title')}</button>`}
        ${!guest && html`<button type="button" onClick=${() => signOut(true)}>${t('you.everywhere')}</button>`}
        <button type="button" onClick=${() => signOut()}>${t(guest ? 'you.forget' : 'you.signOut')}</button>
      </p>
    <//>
  `;
}

/** @typedef {{client: Client, run: (event: Event, verb: () => Promise<unknown>) => void}} FormProps */

/** Another name. @param {FormProps} props */
function NameForm({ client, run }) {
  const [name, setName] = useState(client.name);
  return html`
    <form onSubmit=${(/** @type {Event} */ event) => run(event, () => client.rename(name.trim()))}>
      <label>
        ${t('you.name')}
        <input name="name" required dir="auto" spellcheck=${false} autocomplete="nickname" value=${name}
          onInput=${(/** @type {any} */ event) => setName(event.target.value)} />
      </label>
      <button disabled=${!client.online || name.trim() === client.name}>${t('you.rename')}</button>
    </form>
  `;
}

/** An account for a guest. @param {FormProps} props */
function AccountForm({ client, run }) {
  const [password, setPassword] = useState('');
  const register = async () => {
    if (!client.outbox.empty) throw new Error(t('you.wait'));
    await client.register(client.name, password);
    setPassword('');
  };
  return html`
    <form onSubmit=${(/** @type {Event} */ event) => run(event, register)}>
      <label>
        ${t('you.password')}
        <input name="password" type="password" required autocomplete="new-password" value=${password}
          onInput=${(/** @type {any} */ event) => setPassword(event.target.value)} />
      </label>
      <button disabled=${!client.online}>${t('you.register', { name: client.name })}</button>
    </form>
  `;
}
