/** The middle of the page: a room's head line, its messages, and the box to write in. */

import { Composer } from './composer.js';
import { Icon } from './icons.js';
import { Timeline } from './timeline.js';
import { t } from './words.js';
import { html } from './html.js';
import { panes } from './panes.js';
import { place } from './route.js';
import { replying } from './replying.js';

/** @typedef {import('../engine/client.js').Client} Client */
/** @typedef {import('../engine/room.js').Room} Room */

/** @param {{client: Client, room: Room | null}} props */
export function RoomPane({ client, room }) {
  return html`
    <main class="room">
      <header class="head">
        <button type="button" class="quiet menu" aria-label=${t('rooms.show')} onClick=${() => (panes.value = { rooms: true, people: false })}>
          <${Icon} name="menu" />
        </button>
        ${room !== null ? html`<${Head} client=${client} room=${room} />` : html`<h1>${place.value?.room ?? ''}</h1>`}
      </header>
      <${ConnectionLine} client=${client} />
      ${room !== null && html`<${Timeline} client=${client} room=${room} />`}
      ${room !== null && html`<${Composer} client=${client} room=${room} replying=${replying.of(room)} />`}
    </main>
  `;
}

/** @param {{client: Client, room: Room}} props */
function Head({ client, room }) {
  room.changes.watch;
  const { topic, online } = room.view;
  return html`
    <h1 dir="auto"><span class="hash" aria-hidden="true">#</span>${room.name}</h1>
    <p class="topic" dir="auto" title=${topic}>${topic}</p>
    <button
      type="button" class="quiet count" aria-expanded=${panes.value.people} title=${t('page.people')}
      onClick=${() => (panes.value = { rooms: false, people: !panes.value.people })}
    >
      <${Icon} name="people" /> ${online}<span class="aside"> ${t('room.here')}</span>
    </button>
    <button
      type="button" class="quiet" aria-label=${t('room.leave')} title=${t('room.leave')}
      onClick=${() => leave(client, room)}
    >
      <${Icon} name="leave" />
    </button>
  `;
}

/** @param {Client} client @param {Room} room */
async function leave(client, room) {
  try {
    await client.rooms.leave(room);
  } catch (why) {
    client.tell(why instanceof Error && why.message ? why.message : t('error.offline'));
  }
}

/** Quiet, and only there when something is to be said. @param {{client: Client}} props */
function ConnectionLine({ client }) {
  client.status.watch;
  let text = client.online ? client.notice : '';
  if (client.late) text = [client.why, t('line.offline')].filter(Boolean).join(' ');
  return html`
    <div class=${client.online ? 'line notice' : 'line'} role="status">
      ${text && html`<span>${text}</span>`}
    </div>
  `;
}
