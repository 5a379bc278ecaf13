/** The search, beside the messages: what to look for, and what was found, newest first. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { Found } from './hit.js';
import { place } from '../shell/focus.js';
import { Icon } from '../shell/icons.js';
import { isComposing } from '../shell/typing.js';
import { closeSearch, panes, wide } from './panes.js';
import { counted, t } from '../shell/language.js';
import { html } from '../shell/html.js';
import { Offline } from '../../engine/connection.js';
import { wordsIn } from './searchwords.js';

/** @typedef {import('../../engine/client.js').Client} Client */

/** Milliseconds of rest in typing after which is searched. */
const REST = 250;

/** What narrows a search, as it is written. */
const FILTERS = ['from:', 'in:', 'before:', 'after:', 'has:link'];

/** @param {{client: Client}} props */
export function SearchPane({ client }) {
  const { search } = client;
  search.changes.watch;
  const box = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [text, setText] = useState(search.query);
  const [here, setHere] = useState(search.room !== undefined);
  const room = here ? client.rooms.current?.name : undefined;
  useEffect(() => {
    box.current?.focus();
    box.current?.select();
    return place('search', box.current);
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => findUnlessDone(search, text.trim(), room), REST);
    return () => clearTimeout(timer);
  }, [text, room]);
  /** @param {string} filter */
  const narrow = (filter) => {
    setText(`${text.trimEnd()} ${filter}`.trimStart() + (filter.endsWith(':') ? '' : ' '));
    box.current?.focus();
  };
  return html`
    <aside class="search" aria-label=${t('search.title')} onKeyDown=${press}>
      <header>
        <h2>${t('search.title')}</h2>
        <button type="button" class="quiet" aria-label=${t('page.close')} onClick=${closeSearch}><${Icon} name="close" /></button>
      </header>
      <form role="search" onSubmit=${(/** @type {Event} */ event) => (event.preventDefault(), void search.find(text.trim(), room))}>
        <input
          id="sought" ref=${box} type="search" aria-label=${t('search.label')} placeholder=${t('search.hint')} value=${text}
          spellcheck=${false} autocomplete="off" autocapitalize="off" enterkeyhint="search" dir="auto"
          onInput=${(/** @type {any} */ event) => setText(event.target.value)}
        />
        <${Filters} narrow=${narrow} />
        ${client.rooms.current !== null && html`<${OnlyHere} room=${client.rooms.called(client.rooms.current)} here=${here} setHere=${setHere} />`}
      </form>
      <${Results} client=${client} />
    </aside>
  `;
}

/** Search, unless Enter was faster. @param {Client['search']} search @param {string} query @param {string} [room] */
function findUnlessDone(search, query, room) {
  if (query !== search.query || room !== search.room) void search.find(query, room);
}

/** @param {{narrow: (filter: string) => void}} props */
function Filters({ narrow }) {
  return html`
    <div class="filters" role="group" aria-label=${t('search.filters')}>
      ${FILTERS.map((filter) => html`<button type="button" key=${filter} onClick=${() => narrow(filter)}>${filter}</button>`)}
    </div>
  `;
}

/** @param {{room: string, here: boolean, setHere: (here: boolean) => void}} props */
function OnlyHere({ room, here, setHere }) {
  return html`
    <label class="here">
      <input type="checkbox" checked=${here} onChange=${(/** @type {any} */ event) => setHere(event.target.checked)} />
      <span dir="auto">${t('search.here', { room })}</span>
    </label>
  `;
}

/** @param {{client: Client}} props */
function Results({ client }) {
  const { search } = client;
  search.changes.watch;
  const searched = wordsIn(search.query);
  const chosen = () => {
    if (!wide.matches) panes.value = { ...panes.value, search: false };
  };
  return html`
    <p class="hint" role="status">${statusOf(search)}</p>
    <ul class="found" aria-label=${t('search.results')} aria-busy=${search.busy}>
      ${search.hits.map((event) => html`
        <li key=${`${event.room} ${event.seq}`}><${Found} client=${client} event=${event} where=${client.rooms.calledAs(event.room)} changed=${event.changed} searched=${searched} chosen=${chosen} /></li>
      `)}
    </ul>
    ${search.more && html`<button type="button" class="further" disabled=${search.busy} onClick=${() => search.further()}>${t('search.more')}</button>`}
  `;
}

/** How the search stands. @param {import('../../engine/search.js').Search} search */
function statusOf(search) {
  if (search.query === '') return '';
  if (search.trouble !== null) return search.trouble instanceof Offline ? t('search.offline') : search.trouble.message;
  if (search.hits.length > 0) return search.more ? t('search.foundMore', { count: search.hits.length }) : counted('search.found', search.hits.length);
  return t(search.busy ? 'search.searching' : 'search.none');
}

/** Up and down go through what was found, Escape leaves. @param {KeyboardEvent} event */
function press(event) {
  if (isComposing(event)) return;
  if (event.key === 'Escape') {
    event.preventDefault();
    closeSearch();
    return;
  }
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const pane = /** @type {HTMLElement} */ (event.currentTarget);
  const stops = /** @type {HTMLElement[]} */ ([...pane.querySelectorAll('input[type=search], .hit .where')]);
  const at = Math.max(0, stops.findIndex((stop) => stop === document.activeElement));
  event.preventDefault();
  stops[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
}
