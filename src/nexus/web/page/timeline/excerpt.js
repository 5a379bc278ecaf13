/** The beginning of a message in one line: as it reads, without its Markdown, and no character cut in half. */

import { render } from './markdown.js';
import { doing, plain } from './sentence.js';
import { t } from '../shell/language.js';

/** Characters that are looked at, at most: so many are never shown. */
const LOOKED_AT = 2000;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** @param {string} text @param {number} [most] characters, as people count them */
export function excerpt(text, most = 120) {
  const read = (render(plain(text).slice(0, LOOKED_AT)).textContent ?? '').replace(/\s+/g, ' ').trim();
  let kept = '';
  let count = 0;
  for (const { segment } of graphemes.segment(read)) {
    if (count === most) return `${kept.trimEnd()}…`;
    kept += segment;
    count += 1;
  }
  return text.length > LOOKED_AT ? `${kept}…` : kept;
}

/** Who, and what; cut to so many characters. @param {string} name @param {string} text @param {number} [most] */
export function sentence(name, text, most = 300) {
  const said = excerpt(text, most);
  return doing(text) === undefined ? t('message.from', { name, text: said }) : `${name} ${said}`;
}
