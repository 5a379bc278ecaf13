/** A line of text in which addresses can be followed; where each leads is in sight, as in messages. */

import { completeLink } from '../timeline/links.js';
import { html } from './html.js';

const ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'])/;

/** @param {HTMLAnchorElement | null} link */
function complete(link) {
  if (link === null) return;
  link.textContent = link.getAttribute('href');
  completeLink(link);
}

/** @param {{text: string}} props */
export function Linked({ text }) {
  return html`${text.split(ADDRESS).map((piece, index) => (index % 2 === 0 ? piece : html`<a key=${piece} href=${piece} ref=${complete}></a>`))}`;
}
