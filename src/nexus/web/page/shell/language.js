/** The words of the page, in the language of its reader as far as there is one. */

import { signal } from '@preact/signals';
import { shared } from '../../engine/keep.js';
import en from '../../texts/en.js';

/** @typedef {keyof typeof en | keyof typeof import('../../texts/en/rest.js').default} Key */
/** @typedef {Record<Key, string>} Texts */

/** The languages there are, each as it calls itself. @type {Record<string, string>} */
export const LANGUAGES = { en: 'English', de: 'Deutsch' };

/** Those that are loaded when they are asked for. @type {Record<string, () => Promise<{default: Texts}>>} */
const OTHERS = { de: () => import('../../texts/de.js') };

/** What is spoken now; components that show a text are drawn again when it changes. */
export const language = signal('en');
/** As far as it is there: at first, what the page shows at first. */
let english = /** @type {Texts} */ (en);
let texts = english;
let rules = new Intl.PluralRules('en');

/** What the person chose, else the first of their browser's languages that there is. */
export function wanted() {
  const chosen = shared.get('language', '');
  const asked = [chosen, ...navigator.languages].map((tag) => tag.split('-')[0]);
  return asked.find((code) => code in LANGUAGES) ?? 'en';
}

/** Speak another language from now on, and in this browser the next time. @param {string} code */
export async function speak(code) {
  shared.set('language', code);
  await use(code);
}

/** Speak a language; where it cannot be loaded, go on as before. @param {string} code */
export async function use(code) {
  const found = code in OTHERS ? await OTHERS[code]().catch(() => null) : { default: english };
  if (found === null) return;
  texts = found.default;
  rules = new Intl.PluralRules(code);
  document.documentElement.lang = code;
  language.value = code;
}

/** All texts are there once this has ended: whatever is not shown at first waits for it. Throws where it cannot be loaded. */
export async function readOn() {
  const { default: rest } = await import('../../texts/en/rest.js');
  const whole = { ...en, ...rest };
  if (texts === english) texts = whole;
  english = whole;
}

/** How dates and lists are written: as the browser's language says, where that is the one spoken. */
export function locale() {
  return navigator.languages.find((tag) => tag.split('-')[0] === language.value) ?? language.value;
}

/**
 * A text with its fields filled in.
 *
 * @param {Key} key
 * @param {Record<string, string | number>} [fields]
 */
export function t(key, fields = {}) {
  return (language.value, texts[key]).replace(/{(\w+)}/g, (_, name) => String(fields[name] ?? ''));
}

/**
 * A text that depends on a number.
 *
 * @param {string} key without its ending
 * @param {number} count
 */
export function counted(key, count, fields = {}) {
  const ending = rules.select(count) === 'one' ? 'one' : 'other';
  return t(/** @type {Key} */ (`${key}.${ending}`), { ...fields, count: count.toLocaleString(locale()) });
}
