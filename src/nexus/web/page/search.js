/** The search, beside the messages: what to look for, and what was found, newest first. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { Found } from './found.js';
import { Icon } from './icons.js';
import { closeSearch, panes, wide } from './panes.js';
import { counted, t } from './words.js';
import { html } from './html.js';
import { Offline } from '../engine/connection.js';
import { wordsIn } from './sought.js';

/** @typedef {import('../engine/client.js').Client} Client */

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
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => {
      if (text.trim() !== search.query || room !== search.room) void search.find(text.trim(), room); // else Enter was faster
    }, REST);
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
        <div class="filters" role="group" aria-label=${t('search.filters')}>
          ${FILTERS.map((filter) => html`<button type="button" key=${filter} onClick=${() => narrow(filter)}>${filter}</button>`)}
        </div>
        ${client.rooms.current !== null && html`
          <label class="here">
            <input type="checkbox" checked=${here} onChange=${(/** @type {any} */ event) => setHere(event.target.checked)} />
            <span dir="auto">${t('search.here', { room: `#${client.rooms.current.name}` })}</span>
          </label>
        `}
      </form>
      <${Results} client=${client} />
    </aside>
  `;
}

/** @param {{client: Client}} props */
function Results({ client }) {
  const { search } = client;
  search.changes.watch;
  const sought = wordsIn(search.query);
  const chosen = () => {
    if (!wide.matches) panes.value = { ...panes.value, search: false };
  };
  return html`
    <p class="hint" role="status">${said(search)}</p>
    <ul class="found" aria-label=${t('search.results')} aria-busy=${search.busy}>
      ${search.hits.map((event) => html`
        <li key=${`${event.room} ${event.seq}`}><${Found} event=${event} changed=${event.changed} sought=${sought} chosen=${chosen} /></li>
      `)}
    </ul>
    ${search.more && html`<button type="button" class="further" disabled=${search.busy} onClick=${() => search.further()}>${t('search.more')}</button>`}
  `;
}

/** How the search stands. @param {import('../engine/search.js').Search} search */
function said(search) {
  if (search.query === '') return '';
  if (search.trouble !== null) return search.trouble instanceof Offline ? t('search.offline') : search.trouble.message;
  if (search.hits.length > 0) return search.more ? t('search.foundMore', { count: search.hits.length }) : counted('search.found', search.hits.length);
  return t(search.busy ? 'search.searching' : 'search.none');
}

/** Up and down go through what was found, Escape leaves. @param {KeyboardEvent} event */
function press(event) {
  if (event.key === 'Escape') {
    event.preventDefault();
    closeSearch();
    return;
  }
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const pane = /** @type {HTMLElement} */ (event.currentTarget);
  const stops = /** @type {HTMLElement[]} */ ([...pane.querySelectorAll('#sought, .hit .where')]);
  const at = Math.max(0, stops.findIndex((stop) => stop === document.activeElement));
  event.preventDefault();
  stops[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
}
