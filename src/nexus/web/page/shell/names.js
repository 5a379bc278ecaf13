/** Names in sentences: each keeps its own direction, and the sentence has that of its language. */

import { html } from './html.js';

/** @param {{text: string, names: string[]}} props the first time each of the names stands in the text */
export function Sentence({ text, names }) {
  /** @type {any[]} */
  let pieces = [text];
  for (const name of names.filter(Boolean)) pieces = isolated(pieces, name);
  return html`${pieces}`;
}

/** @param {any[]} pieces @param {string} name */
function isolated(pieces, name) {
  const at = pieces.findIndex((piece) => typeof piece === 'string' && piece.includes(name));
  if (at < 0) return pieces;
  const [before] = pieces[at].split(name, 1);
  const after = pieces[at].slice(before.length + name.length);
  return [...pieces.slice(0, at), before, html`<bdi>${name}</bdi>`, after, ...pieces.slice(at + 1)];
}
