/** A message's text as Markdown, with blocks of code completed, and marked in it what was searched or who is mentioned. */

import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { complete } from './code.js';
import { html } from '../shell/html.js';
import { markPeople, markWords } from './marking.js';
import { render } from './markdown.js';
import { t } from '../shell/language.js';

/** Longer texts, in lines as they are drawn, are folded at first. */
const LINES = 60;

/** Pixels of a line that a character takes: one of Latin, and one that is wider, such as 漢 or 🎉. */
const NARROW = 9;
const WIDE = 18;

/** What is drawn as an emoji: up to three of them and nothing else are what is said, and large. */
const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const DRAWN = /\p{Extended_Pictographic}|[\u{1f1e6}-\u{1f1ff}]|\u20e3/u;

/** @type {string[]} */
const NOBODY = [];

/**
 * Made once per text.
 *
 * @param {{id?: string, text: string, searched?: RegExp | null, people?: string[], you?: string, note?: string}} props `searched`: words
 *   to point out, global; `people`: who is mentioned; one of them may be `you`; `note`: a word about it, after its last line
 */
export function Text({ id, text, searched = null, people = NOBODY, you = '', note = '' }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [whole, showWhole] = useState(false);
  const folded = !whole && isLong(text);
  useLayoutEffect(() => {
    if (box.current === null) return;
    box.current.replaceChildren(render(text));
    if (people.length > 0) markPeople(box.current, people, you);
    if (searched !== null) markWords(box.current, searched);
    else complete(box.current);
    if (note) add(box.current, note);
  }, [text, searched?.source, people.join(' '), you, note]);
  return html`
    <div id=${id} class=${folded ? 'text folded' : isLone(text) ? 'text lone' : 'text'} dir="auto" ref=${box}></div>
    ${folded && html`<button type="button" class="link unfold" onClick=${() => showWhole(true)}>${t('message.whole')}</button>`}
  `;
}

/** Up to three emoji. @param {string} text */
function isLone(text) {
  if (text.length > 60 || !DRAWN.test(text)) return false;
  const pieces = [...segments.segment(text.trim())].map(({ segment }) => segment).filter((one) => one.trim() !== '');
  return pieces.length <= 3 && pieces.every((one) => DRAWN.test(one) && !/[\p{L}]/u.test(one));
}

/** @param {string} text */
function isLong(text) {
  if (text.length <= LINES) return false;
  const width = Math.max(240, Math.min(innerWidth, 960) - 60);
  const drawn = (/** @type {string} */ line) => Math.max(1, Math.ceil((line.length * (/^[\x20-\x7e]*$/.test(line) ? NARROW : WIDE)) / width));
  return text.split('\n', LINES + 1).reduce((sum, line) => sum + drawn(line), 0) > LINES;
}

/** @param {HTMLElement} box @param {string} note */
function add(box, note) {
  const last = box.lastElementChild;
  const line = last?.tagName === 'P' ? last : box.appendChild(document.createElement('p'));
  const word = document.createElement('span');
  word.className = 'note';
  word.textContent = note;
  line.append(' ', word);
}
