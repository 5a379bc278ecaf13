/** Where one's account is signed in, and ending it there. */

import { useEffect, useState } from 'preact/hooks';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';
import { dayName, timeOf } from '../timeline/dates.js';

/** @typedef {import('../../engine/types.js').LoginInfo} LoginInfo */

/** @param {LoginInfo} login */
function when({ used, created }) {
  const at = used || created;
  return `${dayName(at)}, ${timeOf(at)}`;
}

/** @param {{client: import('../../engine/client.js').Client, say: (sentence: string) => void}} props */
export function Logins({ client, say }) {
  const [logins, listed] = useState(/** @type {LoginInfo[] | null} */ (null));
  const look = async () => listed((await client.ask('logins')).logins ?? []);
  /** @param {Promise<unknown>} action */
  const done = (action) => action.catch((why) => say(why instanceof Error && why.message ? why.message : t('error.offline')));
  useEffect(() => void (client.online && done(look())), [client.online]);
  /** @param {LoginInfo} login */
  const end = async ({ id }) => {
    await client.ask('revoke', { login: id });
    await look();
    say(t('you.saved'));
  };
  if (logins === null) return null;
  return html`
    <section aria-labelledby="logins-title">
      <h3 id="logins-title">${t('logins.title')}</h3>
      <ul class="logins">
        ${logins.map((login) => html`
          <li key=${login.id}>
            <span class="what"><span dir="auto">${login.client || t('logins.unnamed')}</span>
              <span class="hint">${login.current ? t('logins.current') : t('logins.used', { time: when(login) })}</span>
            </span>
            ${!login.current && html`
              <button type="button" disabled=${!client.online} aria-label=${t('logins.endOf', { client: login.client || t('logins.unnamed'), time: when(login) })}
                onClick=${() => done(end(login))}>${t('logins.end')}</button>
            `}
          </li>
        `)}
      </ul>
    </section>
  `;
}
