/** Many who came and went, in one line that can be opened. */

import { useState } from 'preact/hooks';
import { happened } from './happened.js';
import { html } from '../shell/html.js';
import { Sentence } from '../shell/names.js';
import { counted, t } from '../shell/language.js';

/** @typedef {import('../../engine/types.js').LogEvent} LogEvent */

/** Each event keeps its place, so that one stays where one reads, and a link to it leads here. @param {{events: LogEvent[], pointed: number | null}} props */
export function Folded({ events, pointed }) {
  const [chosen, open] = useState(/** @type {boolean | null} */ (null));
  const isOpen = chosen ?? events.some((event) => event.seq === pointed);
  const said = sentence(events);
  const word = t(isOpen ? 'folded.hide' : 'folded.show');
  const button = html`<button type="button" class="link" tabindex="-1" aria-expanded=${isOpen} aria-label=${`${said}: ${word}`} onClick=${() => open(!isOpen)}>${word}</button>`;
  if (isOpen) {
    return html`
      ${events.map((event) => html`<p key=${event.seq} class="happening" data-seq=${event.seq}><${Sentence} text=${happened(event, event.by)} names=${[event.by]} /></p>`)}
      <p class="happening folded">${button}</p>
    `;
  }
  return html`<p class="happening folded">${events.map((event) => html`<span key=${event.seq} data-seq=${event.seq}></span>`)}${said} ${button}</p>`;
}

/** How many people came, and how many went. @param {LogEvent[]} events */
function sentence(events) {
  const people = (/** @type {string} */ type) => new Set(events.filter((event) => event.type === type).map((event) => event.by)).size;
  const [came, went] = [people('joined'), people('left')];
  return [came > 0 && counted('folded.joined', came), went > 0 && counted('folded.left', went)].filter(Boolean).join(' · ');
}
