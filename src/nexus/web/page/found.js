/** A message outside of its timeline, in a list: who said it, where and when, and its text; it leads to its place. */

import { Avatar, colourOf } from './avatar.js';
import { dayName, timeOf, wholeTime } from './dates.js';
import { addressOf } from './route.js';
import { plain } from './said.js';
import { Text } from './text.js';
import { html } from './html.js';

/**
 * @param {{event: import('../engine/types.js').LogEvent, changed?: number, sought?: RegExp | null, chosen: () => void}} props
 *   `changed` as the event has it, so that it is drawn again; `chosen`: it is gone to
 */
export function Found({ event, sought, chosen }) {
  const when = `${dayName(event.at)}, ${timeOf(event.at)}`;
  return html`
    <article class="hit">
      <${Avatar} name=${event.by} />
      <a class="where" href=${addressOf(event.room, event.seq)} title=${wholeTime(event.at)} onClick=${chosen}>
        <span class=${`by colour-${colourOf(event.by)}`} dir="auto">${event.by}</span>
        <span class="room" dir="auto">#${event.room}</span> <span class="when">${when}</span>
      </a>
      <${Text} text=${plain(event.text ?? '')} sought=${sought} />
    </article>
  `;
}
