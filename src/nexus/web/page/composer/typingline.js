/** Who is typing, in a line that is always there so that nothing moves. */

import { html } from '../shell/html.js';
import { Sentence } from '../shell/names.js';
import { t } from '../shell/language.js';

/** @param {{room: import('../../engine/room.js').Room}} props */
export function TypingLine({ room }) {
  room.changes.watch;
  const [a, b, ...others] = room.typing;
  let text = '';
  if (others.length > 0) text = t('typing.many');
  else if (b !== undefined) text = t('typing.two', { a, b });
  else if (a !== undefined) text = t('typing.one', { a });
  return html`<p class="typing"><${Sentence} text=${text} names=${others.length > 0 ? [] : [a, b]} /></p>`;
}
