/** Who is here. */

import { useLayoutEffect, useRef } from 'preact/hooks';
import { Avatar } from '../timeline/avatar.js';
import { Icon } from '../shell/icons.js';
import { counted, t } from '../shell/language.js';
import { html } from '../shell/html.js';
import { openPerson, panes } from './panes.js';
import { rove, settleStop } from '../shell/roving.js';

/** Names shown at once. */
const MOST = 200;

/** @param {{client: import('../../engine/client.js').Client, room: import('../../engine/room.js').Room}} props */
export function PeoplePane({ client, room }) {
  room.changes.watch;
  const { here, online } = room.view;
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => settleStop(list.current, 'button.name'));
  const names = [...here].sort((a, b) => a.localeCompare(b)).slice(0, MOST);
  return html`
    <aside class="people" aria-label=${t('page.people')}>
      <header>
        <h2>${t('people.title')}</h2>
        <button type="button" class="quiet" aria-label=${t('page.close')} onClick=${() => (panes.value = { ...panes.value, people: false })}>
          <${Icon} name="close" />
        </button>
      </header>
      <p class="hint">${online > 0 ? counted('people.count', online) : t('people.unknown')}</p>
      <ul ref=${list} onKeyDown=${(/** @type {KeyboardEvent} */ event) => rove(event, 'button.name')}>
        ${names.map((name) => html`
          <li key=${name}>
            <${Avatar} name=${name} />
            <button type="button" class="name" dir="auto" onClick=${() => openPerson(name)}>${name === client.name ? t('people.you', { name }) : name}</button>
          </li>
        `)}
      </ul>
      ${names.length < Math.min(online, MOST) && html`<p class="hint">${t('people.some')}</p>`}
    </aside>
  `;
}
