/** What someone said, as a sentence: `/me waves` by Ann is "Ann waves". The wire keeps it as it was written. */

import { t } from '../shell/language.js';

/** What a text says its author does; undefined where it is a plain message. @param {string} text */
export function doing(text) {
  return /^\/me\s+(\S[\s\S]*)$/.exec(text)?.[1];
}

/** What a text says, where its author stands before it anyway. @param {string} text */
export function plain(text) {
  return doing(text) ?? text;
}

/** Who, and what; cut to so many characters. @param {string} name @param {string} text @param {number} [most] */
export function sentence(name, text, most = 300) {
  const does = doing(text);
  const cut = (does ?? text).slice(0, most);
  return does === undefined ? t('message.from', { name, text: cut }) : `${name} ${cut}`;
}
