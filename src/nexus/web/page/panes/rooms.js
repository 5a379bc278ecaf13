/** The rooms one is in, with what is unread there. */

import { Avatar } from '../timeline/avatar.js';
import { Icon } from '../shell/icons.js';
import { addressOf } from '../shell/route.js';
import { dialog, openRoom, panes } from './panes.js';
import { counted, t } from '../shell/language.js';
import { html } from '../shell/html.js';
import { Sign } from '../shell/sign.js';
import { meta } from '../shell/meta.js';

/** @typedef {import('../../engine/client.js').Client} Client */

const NOTHING = { unread: 0, mentions: 0 };

/** @param {{client: Client}} props */
export function RoomsPane({ client }) {
  client.rooms.changes.watch;
  client.status.watch;
  const rooms = client.rooms.all;
  return html`
    <nav class="rooms" aria-label=${t('page.rooms')} onClick=${closeOnChoice}>
      <div class="server">${meta('title')}</div>
      <button type="button" class="find" onClick=${() => (dialog.value = 'switcher')}>
        <${Icon} name="search" /> ${t('rooms.open')}
      </button>
      <button type="button" class="find begin" onClick=${() => (dialog.value = 'new')}>
        <${Icon} name="plus" /> ${t(client.you?.limited ? 'new.direct' : 'rooms.new')}
      </button>
      <ul>
        ${rooms.map((room) => html`<${RoomLink} key=${room.name} room=${room} label=${client.rooms.label(room)} current=${room === client.rooms.current} seen=${client.marks.reads(room)} />`)}
      </ul>
      ${rooms.length === 0 && html`<p class="hint">${t('rooms.none')}</p>`}
      <button type="button" class="you" aria-label=${t('you.open', { name: client.name })} onClick=${() => (dialog.value = 'you')}>
        <${Avatar} name=${client.name} />
        <span class="name" dir="auto">${client.name}</span>
        <span class=${client.online ? 'dot on' : 'dot'}></span>
      </button>
    </nav>
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

/** What one has before one's eyes is not counted. @param {{room: import('../../engine/room.js').Room, label: string, current: boolean, seen: boolean}} props */
function RoomLink({ room, label, current, seen }) {
  room.changes.watch;
  const { unread, mentions } = seen ? NOTHING : room.view;
  const muted = room.level === 'nothing';
  return html`
    <li>
      <a href=${addressOf(room.name)} aria-current=${current ? 'page' : undefined} class=${room.due > 0 && !seen ? 'unread' : ''}>
        <${Sign} kind=${room.view.info.kind} />
        <span class="name" dir="auto">${label}</span>
        ${muted && html`<span class="muted"><${Icon} name="muted" /><span class="aside">${t('rooms.muted')}</span></span>`}
        ${mentions > 0 && html`<span class=${muted ? 'count faint' : 'count named'} role="img" aria-label=${counted('rooms.mentions', mentions)}>@${short(mentions)}</span>`}
        ${unread > 0 && html`<span class=${room.level === 'everything' || room.level === undefined ? 'count' : 'count faint'} role="img" aria-label=${counted('rooms.unread', unread)}>${short(unread)}</span>`}
      </a>
      <button
        type="button" class="quiet more" aria-haspopup="dialog" aria-label=${t('rooms.about', { room: label })}
        onClick=${() => openRoom(room)}
      ><${Icon} name="more" /></button>
    </li>
  `;
}
