/** One's own name and account. */

import { useRef, useState } from 'preact/hooks';
import { Bots } from './bots.js';
import { Dialog } from './dialog.js';
import { handleOf } from '../../engine/handle.js';
import { administers, moderates } from '../../engine/roles.js';
import { DownloadButton } from './download.js';
import { Inviting } from './invite.js';
import { dialog } from '../panes/panes.js';
import { html } from '../shell/html.js';
import { Logins } from './logins.js';
import { PasswordForm } from './password.js';
import { Protecting } from './protecting.js';
import { Appearance, Notifications, Writing } from './settings.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */

/** @param {{client: Client}} props */
export function YouDialog({ client }) {
  client.status.watch;
  const [status, say] = useState('');
  const titles = useRef(/** @type {Map<string, HTMLElement | null>} */ (new Map()));
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
  return html`
    <${Dialog} title=${t('you.title')}>
      <nav class="choices parts" aria-label=${t('you.parts')}>
        ${PARTS.map((part) => html`<button type="button" key=${part} onClick=${() => goToPart(titles.current.get(part))}>${t(`you.part.${part}`)}</button>`)}
      </nav>
      <${PartOf} part="account" titles=${titles}>
        <p class="hint">${t(guest ? 'you.guestLead' : 'you.accountLead')}</p>
        <${NameForm} client=${client} run=${run} />
        ${guest && html`<${AccountForm} client=${client} run=${run} />`}
        ${!guest && html`<${PasswordForm} client=${client} say=${say} /><${Logins} client=${client} say=${say} />`}
        ${!guest && !client.you?.limited && html`<${Bots} client=${client} say=${say} />`}
        ${administers(client.you?.role) && html`<${Inviting} client=${client} say=${say} />`}
        <${Protecting} client=${client} say=${say} />
        <${Acts} client=${client} say=${say} />
      <//>
      <${PartOf} part="notifications" titles=${titles}><${Notifications} /><//>
      <${PartOf} part="appearance" titles=${titles}><${Appearance} /><//>
      <${PartOf} part="keys" titles=${titles}>
        <${Writing} />
        <p class="choices"><button type="button" onClick=${() => (dialog.value = 'keys')}>${t('you.keys')}</button></p>
      <//>
      <p class="why said" role="status">${status}</p>
    <//>
  `;
}

/** The rooms of the settings. */
const PARTS = /** @type {const} */ (['account', 'notifications', 'appearance', 'keys']);

/** @param {{part: typeof PARTS[number], titles: {current: Map<string, HTMLElement | null>}, children?: any}} props */
function PartOf({ part, titles, children }) {
  return html`
    <section class="part" aria-labelledby=${`part-${part}-title`}>
      <h3 id=${`part-${part}-title`} tabindex="-1" ref=${(/** @type {HTMLElement | null} */ title) => void titles.current.set(part, title)}>${t(`you.part.${part}`)}</h3>
      ${children}
    </section>
  `;
}

/** @param {HTMLElement | null | undefined} title */
function goToPart(title) {
  title?.scrollIntoView({ block: 'start' });
  title?.focus({ preventScroll: true });
}

/** What one does with all of an account: look at it, take it along, leave. @param {{client: Client, say: (sentence: string) => void}} props */
function Acts({ client, say }) {
  client.status.watch; // what one may do with an account that was made just now
  const guest = client.you?.guest ?? true;
  const signOut = (everywhere = false) => {
    dialog.value = '';
    void client.signOut(everywhere);
  };
  return html`
    <p class="choices">
      ${moderates(client.you?.role) && html`<button type="button" onClick=${() => (dialog.value = 'reports')}>${t('reports.title')}</button>`}
      ${!guest && html`<button type="button" onClick=${() => (dialog.value = 'acts')}>${t('acts.title')}</button>`}
      ${!guest && html`<${DownloadButton} client=${client} say=${say} />`}
      ${!guest && html`<button type="button" onClick=${() => (dialog.value = 'erase')}>${t('erase.title')}</button>`}
      ${!guest && html`<button type="button" onClick=${() => signOut(true)}>${t('you.everywhere')}</button>`}
      <button type="button" onClick=${() => signOut()}>${t(guest ? 'you.forget' : 'you.signOut')}</button>
    </p>
  `;
}

/** @typedef {{client: Client, run: (event: Event, verb: () => Promise<unknown>) => void}} FormProps */

/** Another name. @param {FormProps} props */
function NameForm({ client, run }) {
  const [name, setName] = useState(client.name);
  return html`
    <form onSubmit=${(/** @type {Event} */ event) => run(event, () => client.rename(handleOf(name)))}>
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
