/** The rooms one is in, by need, with what is unread there. */

import { useLayoutEffect, useRef } from 'preact/hooks';
import { Avatar } from '../timeline/avatar.js';
import { Icon } from '../shell/icons.js';
import { addressOf } from '../shell/route.js';
import { dialog, openRoom, panes } from './panes.js';
import { byNeed, favourites } from '../../engine/need.js';
import { counted, t } from '../shell/language.js';
import { html } from '../shell/html.js';
import { Sign } from '../shell/sign.js';
import { meta } from '../shell/meta.js';
import { rove, settleStop } from '../shell/roving.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */

const SECTIONS = /** @type {const} */ (['unread', 'favourites', 'rooms', 'muted']);

const NOTHING = { unread: 0, mentions: 0 };

/** @param {{client: Client}} props */
export function RoomsPane({ client }) {
  client.rooms.changes.watch;
  client.status.watch;
  favourites.changes.watch;
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => settleStop(list.current, 'li a'));
  const sections = byNeed(client.rooms.all, client.rooms.current);
  const filled = SECTIONS.filter((name) => sections[name].length > 0);
  return html`
    <nav class="rooms" aria-label=${t('page.rooms')} onClick=${closeOnChoice}>
      <div class="server">${meta('title')}</div>
      <button type="button" class="find" onClick=${() => (dialog.value = 'switcher')}>
        <${Icon} name="search" /> ${t('rooms.open')}
      </button>
      <button type="button" class="find begin" onClick=${() => (dialog.value = 'new')}>
        <${Icon} name="plus" /> ${t(client.you?.limited ? 'new.direct' : 'rooms.new')}
      </button>
      <div class="list" ref=${list} onKeyDown=${(/** @type {KeyboardEvent} */ event) => rove(event, 'li a')}>
        ${filled.map((name) => html`<${Section} key=${name} client=${client} name=${name} rooms=${sections[name]} alone=${filled.length === 1} />`)}
        ${filled.length === 0 && html`<p class="hint">${t('rooms.none')}</p>`}
      </div>
      <button type="button" class="you" aria-label=${t('you.open', { name: client.name })} onClick=${() => (dialog.value = 'you')}>
        <${Avatar} name=${client.name} />
        <span class="name" dir="auto">${client.name}</span>
        <span class=${client.online ? 'dot on' : 'dot'}></span>
      </button>
    </nav>
  `;
}

/** Rooms that are needed for one reason, under its name where there are others. @param {{client: Client, name: typeof SECTIONS[number], rooms: Room[], alone: boolean}} props */
function Section({ client, name, rooms, alone }) {
  const current = client.rooms.current;
  return html`
    ${(!alone || name !== 'rooms') && html`<h2 id=${`rooms-${name}`}>${t(`rooms.section.${name}`)}</h2>`}
    <ul aria-labelledby=${alone && name === 'rooms' ? undefined : `rooms-${name}`}>
      ${rooms.map((room) => html`<${RoomLink} key=${room.name} room=${room} label=${client.rooms.label(room)} current=${room === current} seen=${client.marks.reads(room)} />`)}
    </ul>
  `;
}

/** @param {MouseEvent} event */
function closeOnChoice(event) {
  if (event.target instanceof Element && event.target.closest('a, button')) panes.value = { ...panes.value, rooms: false };
}

/** @param {number} count */
function short(count) {
  return count > 999 ? t('rooms.many') : String(count);
}

/** What one has before one's eyes is not counted. @param {{room: Room, label: string, current: boolean, seen: boolean}} props */
function RoomLink({ room, label, current, seen }) {
  room.changes.watch;
  room.drafted.watch;
  const muted = room.level === 'nothing';
  return html`
    <li>
      <a href=${addressOf(room.name)} aria-current=${current ? 'page' : undefined} class=${room.due > 0 && !seen ? 'unread' : ''}>
        <${Sign} kind=${room.view.info.kind} />
        <span class="name" dir="auto">${label}</span>
        ${!current && room.draft !== '' && html`<span class="muted"><${Icon} name="edit" /><span class="aside">${t('rooms.draft')}</span></span>`}
        ${muted && html`<span class="muted"><${Icon} name="muted" /><span class="aside">${t('rooms.muted')}</span></span>`}
        <${Counts} room=${room} muted=${muted} seen=${seen} />
      </a>
      <button
        type="button" class="quiet more" tabindex="-1" aria-haspopup="dialog" aria-label=${t('rooms.about', { room: label })}
        onClick=${() => openRoom(room)}
      ><${Icon} name="more" /></button>
    </li>
  `;
}

/** What is unread in a room; in one that is muted a dot, which says how much only when asked. @param {{room: Room, muted: boolean, seen: boolean}} props */
function Counts({ room, muted, seen }) {
  room.changes.watch;
  const { unread, mentions } = seen ? NOTHING : room.view;
  if (muted) {
    const all = [mentions > 0 && counted('rooms.mentions', mentions), counted('rooms.unread', unread)].filter(Boolean).join(', ');
    return unread > 0 ? html`<span class="dot" role="img" aria-label=${all} title=${all}></span>` : null;
  }
  return html`
    ${mentions > 0 && html`<span class="count named" role="img" aria-label=${counted('rooms.mentions', mentions)}>@${short(mentions)}</span>`}
    ${unread > 0 && html`<span class=${room.level === 'mentions' ? 'count faint' : 'count'} role="img" aria-label=${counted('rooms.unread', unread)}>${short(unread)}</span>`}
  `;
}
