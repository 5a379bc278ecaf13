/** Tells a screen reader what is new in the open room: the sender, then the text; and many at once as a number. */

import { useEffect, useState } from 'preact/hooks';
import { html } from './html.js';
import { t } from './words.js';

/** Milliseconds in which what comes is told together, and how many are told one by one then. */
const TOGETHER = 700;
const ONE_BY_ONE = 3;

/** @param {{client: import('../engine/client.js').Client}} props */
export function Announcer({ client }) {
  const [told, tell] = useState('');
  useEffect(() => {
    /** @type {string[]} */
    let waiting = [];
    client.rooms.onPosted = (event, room) => {
      if (room !== client.rooms.current) return;
      if (waiting.length === 0) {
        setTimeout(() => {
          tell(waiting.length > ONE_BY_ONE ? t('announce.many', { count: waiting.length }) : waiting.join('\n'));
          waiting = [];
        }, TOGETHER);
      }
      waiting.push(t('message.from', { name: event.by, text: (event.text ?? '').slice(0, 300) }));
      if (waiting.length > 1000) waiting.shift();
    };
    return () => (client.rooms.onPosted = () => {});
  }, [client]);
  return html`<div class="aside" role="status" aria-live="polite">${told}</div>`;
}
