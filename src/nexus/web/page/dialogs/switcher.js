/** The quick switcher: type a part of a room's name, Enter goes there; a name that is no room makes one. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { matching } from '../composer/completion.js';
import { dialog } from '../panes/panes.js';
import { goTo } from '../shell/route.js';
import { html } from '../shell/html.js';
import { isComposing } from '../shell/typing.js';
import { t } from '../shell/language.js';

/** Rooms listed at once. */
const MOST = 50;

/** @param {{client: import('../../engine/client.js').Client}} props */
export function SwitcherDialog({ client }) {
  client.rooms.changes.watch;
  const [text, setText] = useState('');
  const [chosen, choose] = useState(0);
  useEffect(() => void client.rooms.lookAround(), [client]);
  const about = new Map(client.rooms.listed.map((room) => [room.name, room.topic ?? '']));
  const searched = text.trim().replace(/^#/, '');
  const all = new Set([...client.rooms.all.map((room) => room.name), ...about.keys()]);
  const found = matching([...all], searched, MOST);
  const makes = searched !== '' && !found.includes(searched.toLocaleLowerCase());
  const names = makes ? [...found, searched] : found;
  const option = useRef(/** @type {HTMLLIElement | null} */ (null));
  useEffect(() => option.current?.scrollIntoView({ block: 'nearest' }), [chosen]);
  /** @param {string} name */
  const go = (name) => open(client, name);
  const press = (/** @type {KeyboardEvent} */ event) => pressIn(event, names, { chosen, choose, go });
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
          <li
            id=${`found-${index}`} key=${name} role="option" aria-selected=${index === chosen} onClick=${() => go(name)}
            ref=${index === chosen ? option : undefined}
          >
            ${makes && index === names.length - 1
              ? t('switcher.make', { room: name })
              : html`<${Room} name=${name} topic=${about.get(name) ?? ''} joined=${client.rooms.get(name) !== undefined} />`}
          </li>
        `)}
      </ul>
    <//>
  `;
}

/** @param {import('../../engine/client.js').Client} client @param {string} name */
function open(client, name) {
  dialog.value = '';
  goTo(client.rooms.get(name.toLocaleLowerCase())?.name ?? name);
}

/** @param {{name: string, topic: string, joined: boolean}} props */
function Room({ name, topic, joined }) {
  return html`
    <span class="hash">#</span><span class="name" dir="auto">${name}</span>
    <span class="topic" dir="auto">${topic}</span>
    ${joined && html`<span class="here">${t('switcher.joined')}</span>`}
  `;
}

/**
 * @param {KeyboardEvent} event @param {string[]} names
 * @param {{chosen: number, choose: (index: number) => void, go: (name: string) => void}} handling
 */
function pressIn(event, names, { chosen, choose, go }) {
  if (isComposing(event)) return;
  if (event.key === 'ArrowDown') choose((chosen + 1) % Math.max(1, names.length));
  else if (event.key === 'ArrowUp') choose((chosen + names.length - 1) % Math.max(1, names.length));
  else if (event.key === 'Enter' && names[chosen] !== undefined) go(names[chosen]);
  else return;
  event.preventDefault();
}
