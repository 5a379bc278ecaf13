/** What a person chooses for this browser: to be notified, how much is read out to them, the language. */

import { HOW_MUCH, announce, howMuch } from '../shell/announce.js';
import { html } from '../shell/html.js';
import { LANGUAGES, language, speak, t } from '../shell/language.js';
import { may, notify } from '../shell/notify.js';

export function Settings() {
  const allowed = may.value;
  /** @param {any} event */
  const choose = (event) => void notify(event.target.checked);
  return html`
    <section class="settings" aria-labelledby="settings-title">
      <h3 id="settings-title">${t('settings.title')}</h3>
      ${allowed !== 'never' && html`
        <label class="check">
          <input type="checkbox" name="notify" checked=${allowed === 'yes'} onChange=${choose} />
          <span>${t('settings.ask')} <span class="hint">${t('settings.askHint')}</span></span>
        </label>
        ${allowed === 'denied' && html`<p class="hint">${t('settings.denied')}</p>`}
      `}
      <label>
        ${t('settings.announce')}
        <select name="announce" onChange=${(/** @type {any} */ event) => announce(event.target.value)}>
          ${HOW_MUCH.map((some) => html`<option key=${some} value=${some} selected=${howMuch.value === some}>${t(`settings.announce.${some}`)}</option>`)}
        </select>
      </label>
      <label>
        ${t('settings.language')}
        <select name="language" value=${language.value} onChange=${(/** @type {any} */ event) => void speak(event.target.value)}>
          ${Object.entries(LANGUAGES).map(([code, name]) => html`<option key=${code} value=${code} lang=${code} selected=${language.value === code}>${name}</option>`)}
        </select>
      </label>
    </section>
  `;
}
