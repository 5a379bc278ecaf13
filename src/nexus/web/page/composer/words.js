/** Commands, and what a word at the caret may become: loaded right after the page is shown, or with the first such word. */

import { readOn } from '../shell/language.js';

/** @typedef {typeof import('./commands.js') & typeof import('./completion.js')} Words */

/** @type {Words | undefined} */
let there;

/** Have them, and the texts they use. Throws where they cannot be loaded. @returns {Promise<Words>} */
export async function loadWords() {
  const [commands, completion] = await Promise.all([import('./commands.js'), import('./completion.js'), readOn()]);
  there = { ...commands, ...completion };
  return there;
}

/** At once where they are there, so that a key finds what the one before it brought. @returns {Words | Promise<Words>} */
export function words() {
  return there ?? loadWords();
}
