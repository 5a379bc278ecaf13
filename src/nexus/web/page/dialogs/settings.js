/** What a person chooses for this browser: to be notified, how much is read out to them, the language. */

import { HOW_MUCH, announce, howMuch } from '../shell/announce.js';
import { html } from '../shell/html.js';
import { LANGUAGES, language, speak, t } from '../shell/language.js';
import { answers, may, notify, notifyOfAnswers } from '../shell/notify.js';
import { SIZES, THEMES, paint, resize, size, theme } from '../shell/appearance.js';

const Sizes = /** @type {(keyof typeof SIZES)[]} */ (Object.keys(SIZES));

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
        ${allowed === 'yes' && html`
          <label class="check">
            <input type="checkbox" name="answers" checked=${answers.value} onChange=${(/** @type {any} */ event) => notifyOfAnswers(event.target.checked)} />
            <span>${t('settings.answers')}</span>
          </label>
        `}
        ${allowed === 'denied' && html`<p class="hint">${t('settings.denied')}</p>`}
      `}
      <label>
        ${t('settings.announce')}
        <select name="announce" onChange=${(/** @type {any} */ event) => announce(event.target.value)}>
          ${HOW_MUCH.map((some) => html`<option key=${some} value=${some} selected=${howMuch.value === some}>${t(`settings.announce.${some}`)}</option>`)}
        </select>
      </label>
      <${Appearance} />
      <label>
        ${t('settings.language')}
        <select name="language" value=${language.value} onChange=${(/** @type {any} */ event) => void speak(event.target.value)}>
          ${Object.entries(LANGUAGES).map(([code, name]) => html`<option key=${code} value=${code} lang=${code} selected=${language.value === code}>${name}</option>`)}
        </select>
      </label>
    </section>
  `;
}

/** Colours and the size of the text. */
function Appearance() {
  return html`
    <label>
      ${t('settings.theme')}
      <select name="theme" onChange=${(/** @type {any} */ event) => paint(event.target.value)}>
        ${THEMES.map((one) => html`<option key=${one} value=${one} selected=${theme.value === one}>${t(`settings.theme.${one}`)}</option>`)}
      </select>
    </label>
    <label>
      ${t('settings.size')}
      <select name="size" onChange=${(/** @type {any} */ event) => resize(event.target.value)}>
        ${Sizes.map((one) => html`<option key=${one} value=${one} selected=${size.value === one}>${t(`settings.size.${one}`)}</option>`)}
      </select>
    </label>
  `;
}
