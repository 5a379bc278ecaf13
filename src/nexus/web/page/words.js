/** The words of the page, in the language of its reader as far as there is one. */

import en from '../texts/en.js';

/** @typedef {keyof typeof en} Key */

const rules = new Intl.PluralRules('en');

/**
 * A text with its fields filled in.
 *
 * @param {Key} key
 * @param {Record<string, string | number>} [fields]
 */
export function t(key, fields = {}) {
  return en[key].replace(/{(\w+)}/g, (_, name) => String(fields[name] ?? ''));
}

/**
 * A text that depends on a number.
 *
 * @param {string} key without its ending
 * @param {number} count
 */
export function counted(key, count) {
  const ending = rules.select(count) === 'one' ? 'one' : 'other';
  return t(/** @type {Key} */ (`${key}.${ending}`), { count: count.toLocaleString() });
}
