/** A room's messages: what is near is in the document, and nothing jumps while one reads. */

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { dayName, momentOf } from './dates.js';
import { hold } from './deeds.js';
import { editing } from '../composer/editing.js';
import { place, placeOf } from '../shell/focus.js';
import { Folded } from './folded.js';
import { repliesIn } from '../../engine/replies.js';
import { Icon } from '../shell/icons.js';
import { Ignored } from './ignored.js';
import { Happening, Message, PendingMessage } from './message.js';
import { insteadOfMenu, lift, moves } from './resting.js';
import { rowsOf, together } from './rows.js';
import { Scroll } from './scroll.js';
import { walk } from './walk.js';
import { counted, t } from '../shell/language.js';
import { html } from '../shell/html.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */

/** Rows that fill a window: they are drawn at once, what is above them right after that. */
const FIRST = 25;

/** @param {{client: Client, room: Room}} props */
export function Timeline({ client, room }) {
  room.changes.watch;
  const [whole, drawWhole] = useState(false);
  const { events } = room.stretch;
  const shown = whole || !room.following ? events : events.slice(-FIRST);
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const scroll = useRef(/** @type {Scroll | null} */ (null));
  useLayoutEffect(() => {
    if (box.current === null) return undefined;
    const { reading, marks } = client;
    const more = { older: () => reading.older(room), newer: () => reading.newer(room), seen: () => marks.look() };
    scroll.current = new Scroll(box.current, room, more);
    return () => scroll.current?.end();
  }, [room]);
  useLayoutEffect(() => scroll.current?.draw(shown === events));
  useLayoutEffect(() => place('log', box.current), []);
  useEffect(() => client.marks.look());
  useEffect(() => drawWhole(true), [room]);
  const changes = client.outbox.changesIn(room.name);
  const replies = repliesIn(events);
  return html`
    <div class="timeline">
      <div
        class="log" ref=${box} role="log" aria-live="off" tabindex="0" aria-busy=${room.stretch.filled ? 'false' : 'true'}
        aria-label=${t('room.timeline', { room: client.rooms.label(room) })} onKeyDown=${(/** @type {KeyboardEvent} */ event) => walk(event, client, room)}
        onPointerDown=${(/** @type {PointerEvent} */ event) => hold(event, client, room)} onPointerMove=${moves} onPointerUp=${lift}
        onPointerCancel=${lift} onContextMenu=${insteadOfMenu}
      >
        <div class="rows">
          <${Beginning} client=${client} room=${room} />
          ${rowsOf(shown, room.line, (event) => room.view.counts(event), (event) => client.ignoring.hides(event)).map((row) => drawn(row, client, room, changes, replies))}
          ${!room.stretch.newer && html`<${Pending} client=${client} room=${room} />`}
        </div>
      </div>
      <${Fresh} client=${client} room=${room} />
      <${ToNewest} client=${client} room=${room} />
    </div>
  `;
}

/**
 * @param {import('./rows.js').Row} row @param {Client} client @param {Room} room
 * @param {Map<number, import('../../engine/outbox.js').Waiting[]>} changes @param {Map<number, number>} replies
 */
function drawn(row, client, room, changes, replies) {
  if (row.kind === 'day') {
    return html`<div class="day" key=${row.key} role="separator" aria-label=${dayName(row.at)}><span>${dayName(row.at)}</span></div>`;
  }
  if (row.kind === 'new') {
    return html`<div class="new" key="new" role="separator" aria-label=${t('room.new')}><span>${t('room.new')}</span></div>`;
  }
  if (row.kind === 'ignored') return html`<${Ignored} key=${row.key} client=${client} events=${row.events} />`;
  if (row.kind === 'folded') return html`<${Folded} key=${row.key} events=${row.events} pointed=${room.pointed} />`;
  const { event } = row;
  if (event.type !== 'posted') return html`<${Happening} key=${row.key} event=${event} by=${event.by} />`;
  return html`<${Message}
    key=${row.key} client=${client} room=${room} event=${event} by=${event.by} grouped=${row.grouped} quoted=${row.quoted}
    pointed=${room.pointed === event.seq} changed=${event.changed}
    edited=${editing.of(room)?.seq === event.seq} changes=${changes.get(event.seq)}
    replies=${replies.get(event.seq) ?? 0} />`;
}

/** What is above the first message. @param {{client: Client, room: Room}} props */
function Beginning({ client, room }) {
  room.changes.watch;
  client.status.watch;
  const { stretch } = room;
  if (room.trouble) return html`<p class="begins" role="alert">${room.trouble}</p>`;
  if (!stretch.filled || stretch.older) {
    return html`<p class="begins loading">${t(client.late ? 'room.away' : 'room.loading')}</p>`;
  }
  if (room.view.first > 1) return html`<${Expired} room=${room} />`;
  const empty = !stretch.events.some((event) => event.type === 'posted');
  const { kind } = room.view.info;
  const title = kind === 'direct' ? 'room.startDirect' : empty ? 'room.empty' : 'room.start';
  return html`
    <div class="begins">
      <p class="title">${t(title, { room: client.rooms.called(room) })}</p>
      ${empty && html`<p>${t(kind === 'private' || kind === 'direct' ? 'room.emptyPrivate' : 'room.emptyHint')}</p>`}
    </div>
  `;
}

/** Where older messages were. @param {{room: Room}} props */
function Expired({ room }) {
  const { keep = 0 } = room.view.info;
  return html`
    <div class="begins expired">
      <p class="title">${t('room.expired')}</p>
      ${keep > 0 && html`<p>${counted('room.expiredAfter', keep)}</p>`}
    </div>
  `;
}

/** What is not known to be stored yet. @param {{client: Client, room: Room}} props */
function Pending({ client, room }) {
  room.changes.watch;
  client.status.watch;
  const last = room.stretch.events.at(-1);
  return client.outbox.of(room.name).map((waiting, index) => {
    const like = { ...waiting, type: 'posted', by: client.name, guest: client.you?.guest, seq: 0 };
    const grouped = index > 0 || (last !== undefined && together(last, /** @type {any} */ (like)));
    return html`<${PendingMessage}
      key=${waiting.nonce} client=${client} room=${room} waiting=${waiting} grouped=${grouped} online=${client.online} />`;
  });
}

/** Where the button that does it goes away, one is among the messages, not nowhere. @param {() => void} deed */
function inLog(deed) {
  deed();
  placeOf('log')?.focus({ preventScroll: true });
}

/** Where many were unread, the first of them is far above, and they are unread until one has seen them. @param {{client: Client, room: Room}} props */
function Fresh({ client, room }) {
  room.changes.watch;
  const { unread } = room.view;
  const line = room.lineAbove && unread > 0 ? room.line : null;
  const at = useBeginning(client, room, line);
  if (line === null) return null;
  const since = at === undefined ? counted('room.fresh', unread) : counted('room.freshSince', unread, { time: momentOf(at) });
  const jump = () => inLog(() => client.rooms.toFirstNew(room));
  return html`
    <div class="fresh" role="group" aria-label=${since}>
      <span>${since}</span>
      <button type="button" class="newest first" onClick=${jump}><${Icon} name="up" /> ${t('room.toFirst')}</button>
      <button type="button" class="quiet" onClick=${() => inLog(() => void client.marks.read(room).catch(() => {}))}>${t('about.markRead')}</button>
    </div>
  `;
}

/** When the first was said that is new; asked for where it is so far above that it is not there. @param {Client} client @param {Room} room @param {number | null} line */
function useBeginning(client, room, line) {
  const [asked, know] = useState(/** @type {{line: number, at: number} | null} */ (null));
  const { stretch, view } = room;
  const first = line !== null && stretch.covers(line + 1) ? stretch.events.find((event) => event.seq > line && view.counts(event)) : undefined;
  const away = line !== null && stretch.filled && first === undefined;
  useEffect(() => {
    if (!away) return;
    client.ask('history', { room: room.name, after: line, limit: 1 }).then(({ events = [] }) => events[0] && know({ line, at: events[0].at }), () => {});
  }, [line, away]);
  return first?.at ?? (asked !== null && asked.line === line ? asked.at : undefined);
}

/** @param {{client: Client, room: Room}} props */
function ToNewest({ client, room }) {
  room.changes.watch;
  if (room.following || !room.stretch.filled) return null;
  const { unread } = room.view;
  return html`
    <button type="button" class="newest" onClick=${() => inLog(() => client.rooms.toNewest(room))}>
      <${Icon} name="down" /> ${unread > 0 ? counted('room.newestCount', unread) : t('room.newest')}
    </button>
  `;
}
