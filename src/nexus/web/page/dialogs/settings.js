/** What a person chooses for this browser: to be notified, how it looks, the language, how much is read out to them. */

import { HOW_MUCH, announce, howMuch } from '../shell/announce.js';
import { ENTERS, chooseEnter, enters } from '../composer/entering.js';
import { html } from '../shell/html.js';
import { LANGUAGES, language, speak, t } from '../shell/language.js';
import { answers, may, notify, notifyOfAnswers } from '../shell/notify.js';
import { CLOCKS, DENSITIES, SIZES, THEMES, clock, density, paint, resize, size, stand, tellTime, theme } from '../shell/appearance.js';

/** @typedef {import('../shell/language.js').Key} Key */

const Sizes = /** @type {(keyof typeof SIZES)[]} */ (Object.keys(SIZES));

/** When and how one is told. */
export function Notifications() {
  const allowed = may.value;
  return html`
    <div class="settings">
      ${allowed !== 'never' && html`
        <label class="check">
          <input type="checkbox" name="notify" checked=${allowed === 'yes'} onChange=${(/** @type {any} */ event) => void notify(event.target.checked)} />
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
      <${Choice} name="announce" all=${HOW_MUCH} chosen=${howMuch.value} choose=${announce} />
    </div>
  `;
}

/** Colours, sizes, how close messages stand, how times are written, and the language. */
export function Appearance() {
  return html`
    <div class="settings">
      <${Choice} name="theme" all=${THEMES} chosen=${theme.value} choose=${paint} />
      <${Choice} name="size" all=${Sizes} chosen=${size.value} choose=${resize} />
      <${Choice} name="density" all=${DENSITIES} chosen=${density.value} choose=${stand} />
      <${Choice} name="clock" all=${CLOCKS} chosen=${clock.value} choose=${tellTime} />
      <label>
        ${t('settings.language')}
        <select name="language" value=${language.value} onChange=${(/** @type {any} */ event) => void speak(event.target.value)}>
          ${Object.entries(LANGUAGES).map(([code, name]) => html`<option key=${code} value=${code} lang=${code} selected=${language.value === code}>${name}</option>`)}
        </select>
      </label>
    </div>
  `;
}

/** What the message box does. */
export function Writing() {
  return html`
    <div class="settings">
      <${Choice} name="enter" all=${ENTERS} chosen=${enters.value} choose=${chooseEnter} />
      <p class="hint">${t('settings.enterHint')}</p>
    </div>
  `;
}

/** One of a few. @param {{name: string, all: readonly string[], chosen: string, choose: (one: any) => void}} props */
function Choice({ name, all, chosen, choose }) {
  const text = (/** @type {string} */ key) => t(/** @type {Key} */ (`settings.${key}`));
  return html`
    <label>
      ${text(name)}
      <select name=${name} onChange=${(/** @type {any} */ event) => choose(event.target.value)}>
        ${all.map((one) => html`<option key=${one} value=${one} selected=${chosen === one}>${text(`${name}.${one}`)}</option>`)}
      </select>
    </label>
  `;
}
