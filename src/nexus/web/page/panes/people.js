/** Who is here. */

import { Avatar } from '../timeline/avatar.js';
import { Icon } from '../shell/icons.js';
import { counted, t } from '../shell/language.js';
import { html } from '../shell/html.js';
import { openPerson, panes } from './panes.js';

/** Names shown at once. */
const MOST = 200;

/** @param {{client: import('../../engine/client.js').Client, room: import('../../engine/room.js').Room}} props */
export function PeoplePane({ client, room }) {
  room.changes.watch;
  const { here, online } = room.view;
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
      <ul>
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
