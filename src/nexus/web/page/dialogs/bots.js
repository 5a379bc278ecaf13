/** One's bots: accounts that programs speak as, by a token that is shown once. */

import { useEffect, useState } from 'preact/hooks';
import { copy } from '../timeline/code.js';
import { failure } from './failure.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** @typedef {{name: string, person: string, created: number, used: number}} Bot */

/** @param {{client: import('../../engine/client.js').Client, say: (sentence: string) => void}} props */
export function Bots({ client, say }) {
  const [bots, listed] = useState(/** @type {Bot[]} */ ([]));
  const [name, setName] = useState('');
  const [made, setMade] = useState({ name: '', token: '' });
  const look = () => client.ask('bots').then((/** @type {any} */ done) => listed(done.bots ?? []));
  useEffect(() => void (client.online && look().catch(() => {})), [client.online]);
  const make = (/** @type {string} */ wanted) => client.ask('bot', { name: wanted }).then((/** @type {any} */ done) => {
    setMade({ name: wanted, token: done.token });
    setName('');
    say('');
    return look();
  }).catch((why) => say(failure(why)));
  const end = (/** @type {string} */ one) => client.ask('unbot', { name: one }).then(look).then(() => say(t('you.saved'))).catch((why) => say(failure(why)));
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void make(name.trim());
  };
  return html`
    <section aria-labelledby="bots-title">
      <h3 id="bots-title">${t('bots.title')}</h3>
      <p class="hint">${t('bots.about')}</p>
      <ul class="logins">
        ${bots.map((bot) => html`
          <li key=${bot.person}>
            <span class="what"><span dir="auto">${bot.name}</span></span>
            <button type="button" disabled=${!client.online} aria-label=${t('bots.tokenOf', { name: bot.name })} onClick=${() => make(bot.name)}>${t('bots.token')}</button>
            <button type="button" disabled=${!client.online} aria-label=${t('bots.endOf', { name: bot.name })} onClick=${() => end(bot.name)}>${t('logins.end')}</button>
          </li>
        `)}
      </ul>
      ${made.token !== '' && html`<${Token} made=${made} say=${say} />`}
      <form class="adding" onSubmit=${submit}>
        <label>${t('bots.name')}
          <input name="bot" dir="auto" autocomplete="off" spellcheck=${false} value=${name} onInput=${(/** @type {any} */ event) => setName(event.target.value)} />
        </label>
        <button disabled=${!client.online || name.trim() === ''}>${t('bots.make')}</button>
      </form>
    </section>
  `;
}

/** What a program says hello with. @param {{made: {name: string, token: string}, say: (sentence: string) => void}} props */
function Token({ made, say }) {
  const take = async () => {
    if (await copy(made.token)) say(t('bots.copied'));
  };
  return html`
    <p class="hint">${t('bots.once', { name: made.name })}</p>
    <p class="choices">
      <input readonly aria-label=${t('bots.tokenIs', { name: made.name })} value=${made.token} onFocus=${(/** @type {any} */ event) => event.target.select()} />
      <button type="button" onClick=${take}>${t('bots.copy')}</button>
    </p>
  `;
}
