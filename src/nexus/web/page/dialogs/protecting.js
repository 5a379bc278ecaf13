/** What people do to be left in peace: ignore somebody, and let nobody write to them directly. */

import { failure } from './failure.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */

/** @param {{client: Client, member: import('../../engine/types.js').MemberInfo, done: (action: Promise<unknown>) => void}} props */
export function Ignore({ client, member, done }) {
  if (member.name === client.name && Boolean(member.guest) === client.you?.guest) return null;
  const ignored = client.ignoring.knows(member.person);
  const run = () => done(client.ask(ignored ? 'unignore' : 'ignore', { person: member.person }));
  return html`
    <p class="choices"><button type="button" disabled=${!client.online} onClick=${run}>${t(ignored ? 'ignored.stop' : 'ignored.ignore')}</button></p>
    <p class="hint">${t(ignored ? 'ignored.is' : 'ignored.about')}</p>
  `;
}

/** Whom one ignores, and whether people write to one. @param {{client: Client, say: (sentence: string) => void}} props */
export function Protecting({ client, say }) {
  client.status.watch;
  const { people, directs } = client.ignoring;
  if (people.length === 0 && directs === undefined) return null;
  const ask = (/** @type {string} */ verb, /** @type {object} */ fields) => {
    client.ask(verb, fields).then(() => say(t('you.saved'))).catch((why) => say(failure(why)));
  };
  const choose = (/** @type {any} */ event) => ask('prefer', { directs: event.target.checked ? 'everyone' : 'nobody' });
  return html`
    <section class="settings" aria-labelledby="protecting-title">
      <h3 id="protecting-title">${t('ignored.title')}</h3>
      ${directs !== undefined && html`
        <label class="check">
          <input type="checkbox" name="directs" checked=${directs === 'everyone'} disabled=${!client.online} onChange=${choose} />
          <span>${t('ignored.directs')} <span class="hint">${t('ignored.directsHint')}</span></span>
        </label>
      `}
      ${people.length > 0 && html`
        <p class="hint">${t('ignored.list')}</p>
        <ul class="logins">
          ${people.map(({ person, name }) => html`
            <li key=${person}><span class="what" dir="auto">${name}</span>
              <button type="button" disabled=${!client.online} aria-label=${t('ignored.stopOf', { name })} onClick=${() => ask('unignore', { person })}>${t('ignored.stop')}</button>
            </li>
          `)}
        </ul>
      `}
    </section>
  `;
}
