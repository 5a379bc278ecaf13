/**
 * Markdown to nodes. What comes out is safe whatever comes in: no HTML is taken, and DOMPurify lets through only
 * what is named here. Nodes are made by its Trusted Types policy, so no string ever becomes part of the page.
 */

import DOMPurify from 'dompurify';
import { completeLinks } from './links.js';
import { LEADS, md } from './syntax.js';

const ALLOWED = {
  ALLOWED_TAGS: [
    'p', 'br', 'strong', 'em', 's', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a', 'hr', 'table', 'thead', 'tbody',
    'tr', 'th', 'td', 'span',
  ],
  ALLOWED_ATTR: ['href', 'title', 'start', 'class'],
  ALLOWED_URI_REGEXP: LEADS,
  RETURN_DOM_FRAGMENT: true,
};

/** A text without any of these is one paragraph as it stands; most are, and need no parser. */
const PLAIN = /^[^*_`~[\]<>&|\\\n:#@]+$/;
const LISTS = /^\s*(?:[-+=]|\d+[.)])/;

/** Pieces of a message that are shown as markup; one of more, such as a table of 60,000 cells, is shown as written. */
const MOST_TOKENS = 12_000;

/** A text that shows as nothing, whatever it is made of. */
const UNSEEN = /^[\s\p{Default_Ignorable_Code_Point}\u2800]*$/u;

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
  if (pieces > MOST_TOKENS) return paragraph(text);
  const nodes = clean(md.renderer.render(tokens, md.options, {}));
  if (UNSEEN.test(nodes.textContent ?? '')) return paragraph(text);
  completeLinks(nodes);
  return nodes;
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
  return nodes;
}
