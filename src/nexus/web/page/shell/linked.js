/** A line of text in which addresses can be followed. */

import { html } from './html.js';

const ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'])/;

/** @param {{text: string}} props */
export function Linked({ text }) {
  return html`${text.split(ADDRESS).map((piece, index) => (index % 2 === 0
    ? piece
    : html`<a href=${piece} target="_blank" rel="noopener noreferrer nofollow">${piece}</a>`))}`;
}
