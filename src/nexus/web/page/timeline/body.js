/** The body of a message: its text, or with `/me` what its author does. */

import { colourOf } from './avatar.js';
import { doing } from './sentence.js';
import { Text } from './text.js';
import { html } from '../shell/html.js';

/**
 * @param {{id?: string, by: string, text: string, people?: string[], you?: string, note?: string}} props `people`: who is mentioned;
 *   one may be `you`; `note`: what is said of it at its end
 */
export function Saying({ id, by, text, people, you, note }) {
  const does = doing(text);
  const said = html`<${Text} id=${id} text=${does ?? text} people=${people} you=${you} note=${note} />`;
  if (does === undefined) return said;
  return html`<div class="doing"><bdi class=${`by colour-${colourOf(by)}`}>${by}</bdi> ${said}</div>`;
}
