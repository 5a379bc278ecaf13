/** What is pinned in a room, newest first; each leads to its place. */

import { Dialog } from './dialog.js';
import { Found } from '../panes/hit.js';
import { amend } from '../timeline/actions.js';
import { dialog } from '../panes/panes.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** @param {{client: import('../../engine/client.js').Client}} props */
export function PinsDialog({ client }) {
  const room = client.rooms.current;
  if (room === null) return null;
  room.changes.watch;
  const pins = room.pinned;
  return html`
    <${Dialog} title=${t('pins.title', { room: client.rooms.called(room) })} kind="pins">
      ${pins.length === 0 && html`<p class="hint">${t('pins.none')}</p>`}
      <ul class="found">
        ${pins.map((event) => html`
          <li key=${event.seq}>
            <${Found} client=${client} event=${event} where=${client.rooms.called(room)} changed=${event.changed} chosen=${() => (dialog.value = '')} />
            ${client.you?.guest === false && html`
              <button type="button" onClick=${() => amend({ client, room, event }, 'unpin')}>${t('pins.unpin')}</button>
            `}
          </li>
        `)}
      </ul>
    <//>
  `;
}
