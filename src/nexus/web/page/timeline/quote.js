/** What a message answers: its author and beginning; it leads to where that was said. */

import { useEffect, useState } from 'preact/hooks';
import { html } from '../shell/html.js';
import { addressOf } from '../shell/route.js';
import { excerpt } from './excerpt.js';
import { counted, t } from '../shell/language.js';

/** Quoted messages kept that are in no stretch. */
const KEPT = 200;

/** @typedef {import('../../engine/types.js').LogEvent} LogEvent */

/** @type {Map<string, Promise<LogEvent | undefined>>} */
const fetched = new Map();

/**
 * @param {import('../../engine/client.js').Client} client
 * @param {import('../../engine/room.js').Room} room
 * @param {number} seq @param {number} changed the newest change that one knows of
 */
function find(client, room, seq, changed) {
  const key = `${room.name} ${seq} ${changed}`;
  let found = fetched.get(key);
  if (found === undefined) {
    found = client.ask('history', { room: room.name, around: seq, limit: 1 }).then(
      (done) => room.messages.take(done.events ?? []).find((event) => event.seq === seq),
      () => void fetched.delete(key),
    );
    fetched.set(key, found);
    if (fetched.size > KEPT) fetched.delete(/** @type {string} */ (fetched.keys().next().value));
  }
  return found;
}

/** @param {LogEvent | undefined} event */
function beginning(event) {
  if (event?.deleted) return t('message.deleted');
  return event?.text === undefined ? t('message.quoteGone') : excerpt(event.text);
}

/** @param {{client: import('../../engine/client.js').Client, room: import('../../engine/room.js').Room, seq: number}} props */
export function Quote({ client, room, seq }) {
  room.changes.watch;
  const here = room.message(seq);
  const changed = room.amended.get(seq) ?? 0;
  const [read, setRead] = useState(/** @type {LogEvent | undefined} */ (undefined));
  useEffect(() => {
    if (here === undefined) void find(client, room, seq, changed).then((found) => setRead(found ?? undefined));
  }, [seq, changed, here === undefined]);
  const event = seq < room.view.first ? undefined : here ?? read;
  const hidden = event !== undefined && client.ignoring.hides(event);
  return html`
    <a class="quote" href=${addressOf(room.name, seq)}>
      ${event !== undefined && !hidden && html`<b><bdi>${event.by}</bdi></b> `}<bdi>${hidden ? counted('ignored.messages', 1) : beginning(event)}</bdi>
    </a>
  `;
}
