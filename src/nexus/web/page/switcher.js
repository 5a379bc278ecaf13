/** The quick switcher: type a part of a room's name, Enter goes there; a name that is no room makes one. */

import { useEffect, useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { matching } from './completion.js';
import { dialog } from './panes.js';
import { goTo } from './route.js';
import { html } from './html.js';
import { t } from './words.js';

/** Rooms listed at once. */
const MOST = 50;

/** @param {{client: import('../engine/client.js').Client}} props */
export function SwitcherDialog({ client }) {
  client.rooms.changes.watch;
  const [text, setText] = useState('');
  const [chosen, choose] = useState(0);
  useEffect(() => void client.rooms.lookAround(), [client]);
  const about = new Map(client.rooms.listed.map((room) => [room.name, room.topic ?? '']));
  const sought = text.trim().replace(/^#/, '');
  const found = matching([...new Set([...client.rooms.all.map((room) => room.name), ...about.keys()])], sought, MOST);
  const makes = sought !== '' && !found.includes(sought.toLocaleLowerCase());
  const names = makes ? [...found, sought] : found;
  useEffect(() => document.getElementById(`found-${chosen}`)?.scrollIntoView({ block: 'nearest' }), [chosen]);
  /** @param {string} name */
  const go = (name) => {
    dialog.value = '';
    goTo(client.rooms.get(name.toLocaleLowerCase())?.name ?? name);
  };
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    if (event.key === 'ArrowDown') choose((chosen + 1) % Math.max(1, names.length));
    else if (event.key === 'ArrowUp') choose((chosen + names.length - 1) % Math.max(1, names.length));
    else if (event.key === 'Enter' && names[chosen] !== undefined) go(names[chosen]);
    else return;
    event.preventDefault();
  };
  return html`
    <${Dialog} title=${t('switcher.title')} kind="switcher">
      <input
        class="wide" autofocus role="combobox" aria-expanded="true" aria-controls="found-rooms" aria-autocomplete="list"
        aria-label=${t('switcher.label')} placeholder=${t('switcher.hint')} spellcheck=${false} autocapitalize="off"
        aria-activedescendant=${names.length > 0 ? `found-${chosen}` : undefined} value=${text}
        onInput=${(/** @type {any} */ event) => (setText(event.target.value), choose(0))} onKeyDown=${press}
      />
      <ul id="found-rooms" role="listbox" aria-label=${t('page.rooms')}>
        ${names.map((name, index) => html`
          <li id=${`found-${index}`} key=${name} role="option" aria-selected=${index === chosen} onClick=${() => go(name)}>
            ${makes && index === names.length - 1
              ? t('switcher.make', { room: name })
              : html`<span class="hash">#</span><span class="name" dir="auto">${name}</span>
                  <span class="topic" dir="auto">${about.get(name) ?? ''}</span>
                  ${client.rooms.get(name) !== undefined && html`<span class="here">${t('switcher.joined')}</span>`}`}
          </li>
        `)}
      </ul>
    <//>
  `;
}
