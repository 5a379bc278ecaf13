/** A message outside of its timeline, in a list: who said it, where and when, and its text; it leads to its place. */

import { Avatar, colourOf } from '../timeline/avatar.js';
import { dayName, timeOf, wholeTime } from '../timeline/dates.js';
import { addressOf } from '../shell/route.js';
import { excerpt } from '../timeline/excerpt.js';
import { plain } from '../timeline/sentence.js';
import { Text } from '../timeline/text.js';
import { html } from '../shell/html.js';
import { counted } from '../shell/language.js';

/** Characters of a message that are part of what its link is called. */
const HEARD = 120;

/**
 * @param {{client: import('../../engine/client.js').Client, event: import('../../engine/types.js').LogEvent, where: string, changed?: number, searched?: RegExp | null, chosen: () => void}} props
 *   `changed` as the event has it, so that it is drawn again; `where`: what its room is called; `chosen`: it is gone to
 */
export function Found({ client, event, where, searched, chosen }) {
  const when = `${dayName(event.at)}, ${timeOf(event.at)}`;
  const hidden = client.ignoring.hides(event);
  const said = `${event.by} ${where} ${when}${hidden ? '' : `: ${excerpt(event.text ?? '', HEARD)}`}`; // by which one chooses who does not see
  return html`
    <article class="hit">
      <${Avatar} name=${event.by} />
      <a class="where" href=${addressOf(event.room, event.seq)} aria-label=${said} title=${wholeTime(event.at)} onClick=${chosen}>
        <span class=${`by colour-${colourOf(event.by)}`} dir="auto">${event.by}</span>
        <span class="room" dir="auto">${where}</span> <span class="when">${when}</span>
      </a>
      ${hidden ? html`<p class="hint">${counted('ignored.messages', 1)}</p>` : html`<${Text} text=${plain(event.text ?? '')} searched=${searched} />`}
    </article>
  `;
}
