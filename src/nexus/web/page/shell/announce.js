/** Tells a screen reader what is new in the open room: the sender, then the text; and many at once as a number. */

import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { shared } from '../../engine/keep.js';
import { html } from './html.js';
import { sentence } from '../timeline/excerpt.js';
import { counted } from './language.js';

/** Milliseconds in which what comes is told together, and how many are told one by one then. */
const TOGETHER = 700;
const ONE_BY_ONE = 3;

/** How much is told: all of a message, only how many there are, or nothing. */
export const HOW_MUCH = /** @type {const} */ (['texts', 'count', 'nothing']);

/** What the person chose in this browser. @type {import('@preact/signals').Signal<typeof HOW_MUCH[number]>} */
export const howMuch = signal(shared.get('announce', 'texts'));

/** @param {typeof HOW_MUCH[number]} chosen */
export function announce(chosen) {
  shared.set('announce', chosen);
  howMuch.value = chosen;
}

/** @param {{client: import('../../engine/client.js').Client}} props */
export function Announcer({ client }) {
  const [told, tell] = useState('');
  useEffect(() => {
    /** @type {string[]} */
    let waiting = [];
    /** @param {import('../../engine/types.js').LogEvent} event @param {import('../../engine/room.js').Room} room */
    const hear = (event, room) => {
      if (room !== client.rooms.current || howMuch.value === 'nothing') return;
      if (waiting.length === 0) {
        setTimeout(() => {
          const text = waiting.length > ONE_BY_ONE || howMuch.value === 'count' ? counted('announce.new', waiting.length) : waiting.join('\n');
          tell((before) => (before === text ? `${text}\u00a0` : text)); // the same once more is new, too
          waiting = [];
        }, TOGETHER);
      }
      waiting.push(sentence(event.by, event.text ?? ''));
      if (waiting.length > 1000) waiting.shift();
    };
    client.rooms.hearers.add(hear);
    return () => void client.rooms.hearers.delete(hear);
  }, [client]);
  return html`<div class="aside" role="status" aria-live="polite">${told}</div>`;
}
