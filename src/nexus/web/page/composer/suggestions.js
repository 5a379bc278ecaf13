/** What the word at the caret may become, as a list above the box; the caret stays in the box. */

import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/**
 * @typedef {object} Handling what keys do with the list
 * @property {number} chosen below 0: none yet
 * @property {(index: number) => void} choose
 * @property {(word: string) => void} take
 * @property {() => void} close
 */

/**
 * @param {KeyboardEvent} event
 * @param {import('./completion.js').Completion} completion
 * @param {string} text what stands in the box
 * @param {Handling} handling
 * @returns {boolean} whether the key was for the list
 */
export function pressInSuggestions(event, { start, end, choices, asTyped = false }, text, { chosen, choose, take, close }) {
  const { word } = choices[Math.max(0, chosen)];
  const written = text.slice(start, end) === word || (asTyped && chosen < 0); // then Enter is for the whole message
  if (event.key === 'ArrowDown') choose((chosen + 1) % choices.length);
  else if (event.key === 'ArrowUp') choose(chosen <= 0 ? choices.length - 1 : chosen - 1);
  else if (event.key === 'Tab' && !event.shiftKey) take(word);
  else if (event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.metaKey && !written) take(word);
  else if (event.key === 'Escape') close();
  else return false;
  event.preventDefault();
  return true;
}

/** @param {{choices: import('./completion.js').Choice[], chosen: number, take: (word: string) => void}} props */
export function Suggestions({ choices, chosen, take }) {
  return html`
    <ul class="suggestions" id="suggestions" role="listbox" aria-label=${t('composer.suggestions')}>
      ${choices.map(({ word, shown, note }, index) => html`
        <li
          id=${`suggestion-${index}`} role="option" aria-selected=${index === chosen}
          onMouseDown=${(/** @type {Event} */ event) => (event.preventDefault(), take(word))}
        ><span dir="auto">${shown}</span>${note !== undefined && html` <span class="note">${note}</span>`}</li>
      `)}
    </ul>
  `;
}
