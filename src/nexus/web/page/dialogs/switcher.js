/** The quick switcher: type a part of a room's name, Enter goes there; a name that is no room makes one. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { matching } from '../composer/completion.js';
import { dialog } from '../panes/panes.js';
import { goTo } from '../shell/route.js';
import { html } from '../shell/html.js';
import { labelOf } from '../../engine/label.js';
import { Sign } from '../shell/sign.js';
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
  const about = new Map(client.rooms.listed.map((room) => [labelOf(room, client.name), room]));
  const searched = text.trim().replace(/^#/, '');
  const all = new Set([...client.rooms.all.map((room) => client.rooms.label(room)), ...about.keys()]);
  const found = matching([...all], searched, MOST);
  const makes = searched !== '' && !client.you?.limited && !found.includes(searched.toLocaleLowerCase());
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
              : html`<${Room} name=${name} info=${about.get(name)} joined=${joined(client, name) !== undefined} />`}
          </li>
        `)}
      </ul>
    <//>
  `;
}

/** The room that is called so, where one is in it. @param {import('../../engine/client.js').Client} client @param {string} label */
function joined(client, label) {
  return client.rooms.all.find((room) => client.rooms.label(room).toLocaleLowerCase() === label.toLocaleLowerCase());
}

/** @param {import('../../engine/client.js').Client} client @param {string} label */
function open(client, label) {
  dialog.value = '';
  goTo((joined(client, label) ?? client.rooms.listed.find((room) => labelOf(room, client.name) === label))?.name ?? label);
}

/** @param {{name: string, info?: import('../../engine/types.js').RoomInfo, joined: boolean}} props */
function Room({ name, info, joined }) {
  return html`
    <${Sign} kind=${info?.kind} /><span class="name" dir="auto">${name}</span>
    <span class="topic" dir="auto">${info?.topic ?? ''}</span>
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
