/** The middle of the page: a room's head line, its messages, and the box to write in. */

import { useEffect, useRef } from 'preact/hooks';
import { blocked } from '../shell/welcome.js';
import { Composer } from '../composer/composer.js';
import { Icon } from '../shell/icons.js';
import { Timeline } from '../timeline/timeline.js';
import { counted, t } from '../shell/language.js';
import { html } from '../shell/html.js';
import { closeSearch, dialog, openRoom, openSearch, panes } from './panes.js';
import { home } from '../../engine/home.js';
import { meta } from '../shell/meta.js';
import { goTo, place } from '../shell/route.js';
import { Linked } from '../shell/linked.js';
import { Sign } from '../shell/sign.js';
import { UndoButton } from '../shell/undoing.js';
import { outdated } from '../shell/upgrade.js';
import { replying } from '../composer/replying.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */

/** @param {{client: Client, room: Room | null}} props */
export function RoomPane({ client, room }) {
  return html`
    <main class="room">
      <header class="head">
        <${Menu} client=${client} />
        ${room !== null ? html`<${Head} client=${client} room=${room} />` : html`<h1 dir="auto">${place.value?.room || meta('title')}</h1>`}
      </header>
      <${ConnectionLine} client=${client} />
      ${room === null && html`<${Nowhere} client=${client} />`}
      ${room !== null && html`<${Timeline} client=${client} room=${room} />`}
      ${room !== null && html`<${Composer} client=${client} room=${room} replying=${replying.of(room)} />`}
    </main>
  `;
}

/** Where the rooms are out of sight, their button says whether another one calls. @param {{client: Client}} props */
function Menu({ client }) {
  client.rooms.changes.watch;
  const due = client.rooms.all.reduce((sum, room) => sum + (room === client.rooms.current ? 0 : room.due), 0);
  const name = [t('rooms.show'), due > 0 && counted('rooms.unread', due)].filter(Boolean).join(', ');
  return html`
    <button type="button" class="quiet menu" aria-label=${name} onClick=${() => (panes.value = { rooms: true, people: false })}>
      <${Icon} name="menu" />${due > 0 && html`<span class="due">${due > 99 ? '99+' : due}</span>`}
    </button>
  `;
}

/** There is no room to show, or not yet. @param {{client: Client}} props */
function Nowhere({ client }) {
  client.status.watch;
  const { noRoom } = client.rooms;
  const wanted = place.value;
  if (noRoom === 'outside' && wanted !== null) {
    return html`
      <div class="begins outside">
        <p>${t('room.outside', { room: `#${wanted.room}` })}</p>
        <button type="button" class="main" onClick=${() => goTo(wanted.room, wanted.seq)}>${t('room.join')}</button>
      </div>
    `;
  }
  if (noRoom === '') return html`<p class="begins loading">${t('room.opening', { room: `#${place.value?.room ?? ''}` })}</p>`;
  if (noRoom === 'address') {
    const room = home(client, meta('room'));
    return html`<${Empty} why=${t('room.noAddress')} action=${room === '' ? t('rooms.open') : t('empty.goTo', { room: client.rooms.calledAs(room) })} act=${() => (room === '' ? (dialog.value = 'switcher') : goTo(room))} />`;
  }
  if (noRoom === 'none') return html`<${Empty} why=${t('room.noneYet')} action=${t('new.direct')} act=${() => (dialog.value = 'new')} />`;
  return html`<${Empty} why=${noRoom === 'gone' ? t('room.gone') : noRoom} action=${t('rooms.open')} act=${() => (dialog.value = 'switcher')} />`;
}

/** Why nothing is shown, and what to do now. @param {{why: string, action: string, act: () => void}} props */
function Empty({ why, action, act }) {
  const main = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useEffect(() => { // what one wrote in is gone, and the focus with it
    if (document.activeElement === document.body) main.current?.focus();
  }, []);
  return html`
    <div class="begins outside">
      <p role="alert">${why}</p>
      <button type="button" class="main" ref=${main} onClick=${act}>${action}</button>
    </div>
  `;
}

/** @param {{client: Client, room: Room}} props */
function Head({ client, room }) {
  room.changes.watch;
  const { topic, online } = room.view;
  const { people, search, replies } = panes.value;
  const pins = room.pinned.length;
  return html`
    <h1 dir="auto"><${Sign} kind=${room.view.info.kind} />${client.rooms.label(room)}</h1>
    <p class="topic" dir="auto" title=${topic}><${Linked} text=${topic} /></p>
    ${pins > 0 && html`
      <button
        type="button" class="quiet count" aria-haspopup="dialog" aria-label=${counted('pins.open', pins)} title=${counted('pins.open', pins)}
        onClick=${() => (dialog.value = 'pins')}
      ><${Icon} name="pin" /> ${pins}</button>
    `}
    <button
      type="button" class="quiet" aria-expanded=${Boolean(search)} aria-label=${t('search.open')} title=${t('search.open')}
      onClick=${search ? closeSearch : openSearch}
    ><${Icon} name="search" /></button>
    <button
      type="button" class="quiet count" aria-expanded=${people && !search && !replies} title=${t('page.people')}
      onClick=${() => (panes.value = { rooms: false, people: search || replies ? true : !people })}
    >
      <${Icon} name="people" /> ${online > 0 && online}<span class="aside"> ${t('room.here')}</span>
    </button>
    <button
      type="button" class="quiet" aria-haspopup="dialog" aria-label=${t('room.options')} title=${t('room.options')}
      onClick=${() => openRoom(room)}
    >
      <${Icon} name="more" />
    </button>
  `;
}

/** Quiet, and only there when something is to be said. @param {{client: Client}} props */
function ConnectionLine({ client }) {
  client.status.watch;
  let text = client.online ? client.notice : '';
  if (client.late) text = [client.notice, client.why, blocked(client) || t('line.offline')].filter(Boolean).join(' ');
  const old = outdated(client);
  return html`
    <div class=${client.online ? 'line notice' : 'line'} role="status">
      ${text && html`<p>${text}<${UndoButton} client=${client} /></p>`}
      ${old && html`<p>${t('line.old')} <button type="button" class="link" onClick=${() => location.reload()}>${t('line.renew')}</button></p>`}
    </div>
  `;
}
