/** What a message answers: its author and beginning; it leads to where that was said. */

import { useEffect, useState } from 'preact/hooks';
import { html } from './html.js';
import { addressOf } from './route.js';
import { t } from './words.js';

/** Characters shown, and quoted messages kept that are in no stretch. */
const SHOWN = 120;
const KEPT = 200;

/** @typedef {import('../engine/types.js').LogEvent} LogEvent */

/** @type {Map<string, Promise<LogEvent | undefined>>} */
const fetched = new Map();

/**
 * @param {import('../engine/client.js').Client} client
 * @param {import('../engine/room.js').Room} room
 * @param {number} seq
 */
function find(client, room, seq) {
  const key = `${room.name} ${seq}`;
  let found = fetched.get(key);
  if (found === undefined) {
    found = client.ask('history', { room: room.name, around: seq, limit: 1 }).then(
      (done) => done.events?.find((event) => event.seq === seq),
      () => void fetched.delete(key),
    );
    fetched.set(key, found);
    if (fetched.size > KEPT) fetched.delete(/** @type {string} */ (fetched.keys().next().value));
  }
  return found;
}

/** @param {{client: import('../engine/client.js').Client, room: import('../engine/room.js').Room, seq: number}} props */
export function Quote({ client, room, seq }) {
  const here = [...room.stretch.events, ...room.view.events].find((event) => event.seq === seq);
  const [event, setEvent] = useState(/** @type {LogEvent | undefined} */ (here));
  useEffect(() => {
    if (event === undefined) void find(client, room, seq).then((found) => setEvent(found ?? undefined));
  }, [seq]);
  const text = event?.text === undefined ? t('message.quoteGone') : event.text.replace(/\s+/g, ' ').slice(0, SHOWN);
  return html`
    <a class="quote" href=${addressOf(room.name, seq)} dir="auto">
      ${event !== undefined && html`<b dir="auto">${event.by}</b> `}<span>${text}</span>
    </a>
  `;
}
