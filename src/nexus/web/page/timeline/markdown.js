/**
 * Markdown to nodes. What comes out is safe whatever comes in: no HTML is taken, and DOMPurify lets through only
 * what is named here. Nodes are made by its Trusted Types policy, so no string ever becomes part of the page.
 */

import DOMPurify from 'dompurify';
import { completeLinks } from './links.js';
import { UNSEEN } from './sentence.js';
import { LEADS, md } from './syntax.js';

const ALLOWED = {
  ALLOWED_TAGS: [
    'p', 'br', 'strong', 'em', 's', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a', 'hr', 'table', 'thead', 'tbody',
    'tr', 'th', 'td', 'span',
  ],
  ALLOWED_ATTR: ['href', 'start', 'value', 'class'],
  ALLOWED_URI_REGEXP: LEADS,
  RETURN_DOM_FRAGMENT: true,
};

/** A text without any of these is one paragraph as it stands; most are, and need no parser. */
const PLAIN = /^[^*_`~[\]<>&|\\\n:#@]+$/;
const LISTS = /^\s*(?:[-+=]|\d+[.)])/;

/** Pieces of a message that are shown as markup; one of more, such as a table of 60,000 cells, is shown as written. */
const MOST_TOKENS = 12_000;

/** Texts whose nodes are kept, so that a room one comes back to is there at once. */
const MOST = 500;

/** Those used last at the end. @type {Map<string, DocumentFragment>} */
const made = new Map();

/** @param {string} text @returns {DocumentFragment} */
export function render(text) {
  if (PLAIN.test(text) && !LISTS.test(text) && !text.startsWith('    ')) return paragraph(text);
  const nodes = made.get(text) ?? parse(text);
  made.delete(text);
  made.set(text, nodes);
  if (made.size > MOST) made.delete(/** @type {string} */ (made.keys().next().value));
  return /** @type {DocumentFragment} */ (nodes.cloneNode(true));
}

/** What would show as nothing, or is too much, is shown as it was written. @param {string} text */
function parse(text) {
  const tokens = md.parse(text, {});
  const pieces = tokens.reduce((sum, token) => sum + 1 + (token.children?.length ?? 0), 0);
  if (pieces > MOST_TOKENS || loses(tokens, text)) return paragraph(text);
  const nodes = clean(md.renderer.render(tokens, md.options, {}));
  if (UNSEEN.test(nodes.textContent ?? '')) return paragraph(text);
  completeLinks(nodes);
  return nodes;
}

/** Whether a row of a table has more cells than its head, which would not be shown. @param {any[]} tokens @param {string} text */
function loses(tokens, text) {
  const lines = text.split('\n');
  return tokens.some((token, index) => {
    if (token.type !== 'tr_open' || token.map === null) return false;
    const end = tokens.findIndex((one, at) => at > index && one.type === 'tr_close');
    const shown = tokens.slice(index, end).filter((one) => one.type === 'inline').reduce((sum, one) => sum + letters(one.content), 0);
    return shown < letters(lines[token.map[0]] ?? '');
  });
}

/** @param {string} text */
function letters(text) {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

/** Nodes of some HTML, as far as it is allowed. @param {string} html */
export function clean(html) {
  return /** @type {DocumentFragment} */ (/** @type {unknown} */ (DOMPurify.sanitize(html, ALLOWED)));
}

/** @param {string} text */
function paragraph(text) {
  const nodes = document.createDocumentFragment();
  nodes.append(document.createElement('p'));
  nodes.firstElementChild?.append(text.trim());
  if (text.includes('\n')) nodes.firstElementChild?.classList.add('source'); // its lines stay lines
  return nodes;
}
