/** A person's first letter on a colour of their own. */

import { html } from '../shell/html.js';

const COLOURS = 12;

/** @param {string} name */
export function colourOf(name) {
  let sum = 7;
  for (const char of name) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973;
  return sum % COLOURS;
}

/** @param {{name: string}} props */
export function Avatar({ name }) {
  const letter = [...name][0]?.toLocaleUpperCase() ?? '?';
  return html`<span class=${`avatar colour-${colourOf(name)}`} data-letter=${letter} aria-hidden="true"></span>`;
}
