/** The quick switcher: type a part of a name, Enter goes to that room or writes to that person; what is no room makes one. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { failure } from './failure.js';
import { find } from './found.js';
import { Avatar } from '../timeline/avatar.js';
import { dialog } from '../panes/panes.js';
import { goTo } from '../shell/route.js';
import { html } from '../shell/html.js';
import { Sign } from '../shell/sign.js';
import { isComposing } from '../shell/typing.js';
import { counted, t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('./found.js').Found} Found */

/** @param {{client: Client}} props */
export function SwitcherDialog({ client }) {
  client.rooms.changes.watch;
  const [text, setText] = useState('');
  const [chosen, choose] = useState(0);
  const people = usePeople(client);
  const looking = useRef(/** @type {Promise<void> | null} */ (null));
  useEffect(() => void (looking.current = client.rooms.lookAround().then(() => void (looking.current = null))), [client]);
  const found = find(client, text, people);
  const option = useRef(/** @type {HTMLLIElement | null} */ (null));
  useEffect(() => option.current?.scrollIntoView({ block: 'nearest' }), [chosen]);
  /** Someone who is faster than the list of rooms means what it has so far. @param {Found} entry */
  const go = (entry) => {
    if (looking.current === null || chosen > 0) return open(client, entry);
    void looking.current.then(() => dialog.value === 'switcher' && open(client, find(client, text, people)[0] ?? entry));
  };
  const press = (/** @type {KeyboardEvent} */ event) => pressIn(event, found, { chosen, choose, go });
  return html`
    <${Dialog} title=${t('switcher.title')} kind="switcher">
      <input
        class="wide" autofocus role="combobox" aria-expanded="true" aria-controls="found-rooms" aria-autocomplete="list"
        aria-label=${t('switcher.label')} placeholder=${t('switcher.hint')} spellcheck=${false} autocapitalize="off"
        aria-activedescendant=${found.length > 0 ? `found-${chosen}` : undefined} value=${text}
        onInput=${(/** @type {any} */ event) => (setText(event.target.value), choose(0))} onKeyDown=${press}
      />
      <ul id="found-rooms" role="listbox" aria-label=${t('page.rooms')}>
        ${found.map((entry, index) => html`
          <li
            id=${`found-${index}`} key=${entry.key} role="option" aria-selected=${index === chosen} onClick=${() => open(client, entry)}
            ref=${index === chosen ? option : undefined}
          ><${Entry} entry=${entry} /></li>
        `)}
      </ul>
    <//>
  `;
}

/** Whom one may mean: who is here, who wrote, with whom one writes, and who belongs to the room one looks at. @param {Client} client */
function usePeople(client) {
  const [people, found] = useState(() => new Set(client.rooms.all.flatMap((room) => [
    ...room.view.here, ...(room.view.info.people ?? []), ...room.view.events.flatMap((event) => (event.guest ? [] : [event.by])),
  ])));
  useEffect(() => {
    const room = client.rooms.current;
    if (room === null || client.you?.guest !== false) return;
    client.ask('who', { room: room.name }).then((done) => {
      const members = /** @type {import('../../engine/types.js').MemberInfo[]} */ (done.members ?? []);
      found((known) => new Set([...known, ...members.flatMap((one) => (one.guest ? [] : [one.name]))]));
    }, () => {}); // then those who are known have to do
  }, [client]);
  return people;
}

/** @param {Client} client @param {Found} entry */
function open(client, entry) {
  dialog.value = '';
  if (entry.kind !== 'person') return goTo(entry.kind === 'room' ? entry.info.name : entry.label);
  client.ask('direct', { names: [entry.label] }).then((made) => goTo(made.room?.name ?? ''), (why) => client.tell(failure(why)));
}

/** @param {{entry: Found}} props */
function Entry({ entry }) {
  if (entry.kind === 'make') return html`${t('switcher.make', { room: entry.label })}`;
  if (entry.kind === 'person') {
    return html`<${Avatar} name=${entry.label} /><span class="name" dir="auto">${entry.label}</span><span class="here">${t('switcher.write')}</span>`;
  }
  const { info, room, label } = entry;
  const due = room?.due ?? 0;
  return html`
    <${Sign} kind=${info.kind} /><span class="name" dir="auto">${label}</span>
    <span class="topic" dir="auto">${info.topic ?? ''}</span>
    ${due > 0 && html`<span class="count" role="img" aria-label=${counted('rooms.unread', due)}>${due > 999 ? t('rooms.many') : due}</span>`}
    ${room !== undefined && html`<span class="here">${t('switcher.joined')}</span>`}
  `;
}

/**
 * @param {KeyboardEvent} event @param {Found[]} found
 * @param {{chosen: number, choose: (index: number) => void, go: (entry: Found) => void}} handling
 */
function pressIn(event, found, { chosen, choose, go }) {
  if (isComposing(event)) return;
  if (event.key === 'ArrowDown') choose((chosen + 1) % Math.max(1, found.length));
  else if (event.key === 'ArrowUp') choose((chosen + found.length - 1) % Math.max(1, found.length));
  else if (event.key === 'Enter' && found[chosen] !== undefined) go(found[chosen]);
  else return;
  event.preventDefault();
}
