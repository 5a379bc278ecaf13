/** What a room becomes: called something else, open to everyone, or a private room where a few people talked. */

import { useState } from 'preact/hooks';
import { ownRank, rankOf } from '../../engine/roles.js';
import { dialog } from '../panes/panes.js';
import { goTo } from '../shell/route.js';
import { html } from '../shell/html.js';
import { counted, t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */
/** @typedef {{client: Client, room: Room, done: (action: Promise<unknown>) => unknown}} Props */

/** @param {Props} props */
export function Becoming(props) {
  const { client, room } = props;
  const { kind = 'open' } = room.view.info;
  if (kind === 'direct') return client.you?.guest === false && html`<${Gathering} ...${props} />`;
  return kind === 'private' && ownRank(client, room) >= rankOf('owner') && html`<${Opening} ...${props} />`;
}

/** Another name for an open room. @param {{client: Client, room: Room, set: (fields: object) => void}} props */
export function Naming({ client, room, set }) {
  const [name, setName] = useState(room.name);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    set({ name: plain(name) });
  };
  return html`
    <form onSubmit=${submit}>
      <label>${t('become.name')}
        <input name="name" dir="auto" autocomplete="off" spellcheck=${false} maxlength=${client.limits?.room_name ?? 64} value=${name}
          onInput=${(/** @type {any} */ event) => setName(event.target.value)} />
      </label>
      <p class="hint">${t('become.nameHint')}</p>
      <button disabled=${!client.online || plain(name) === '' || plain(name) === room.name}>${t('rules.rename')}</button>
    </form>
  `;
}

/** A private room is opened, once one has read what that means. @param {Props} props */
function Opening({ client, room, done }) {
  const [asked, ask] = useState(false);
  const [name, setName] = useState((room.view.info.title ?? '').trim().toLowerCase().replace(/\s+/g, '-'));
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void done(client.ask('configure', { room: room.name, name: plain(name), kind: 'open', confirm: true }).then(() => ask(false)));
  };
  if (!asked) return html`<p class="choices"><button type="button" disabled=${!client.online} onClick=${() => ask(true)}>${t('become.open')}</button></p>`;
  return html`
    <form class="opening" onSubmit=${submit}>
      <p class="warning" role="alert">${counted('become.opens', room.view.head)}</p>
      <label>${t('become.name')}
        <input name="open-name" dir="auto" autocomplete="off" spellcheck=${false} maxlength=${client.limits?.room_name ?? 64} value=${name}
          onInput=${(/** @type {any} */ event) => setName(event.target.value)} />
      </label>
      <p class="choices">
        <button type="button" onClick=${() => ask(false)}>${t('become.cancel')}</button>
        <button class="danger" disabled=${!client.online || plain(name) === ''}>${t('become.openNow')}</button>
      </p>
    </form>
  `;
}

/** A private room for the people who talk here by themselves. @param {Props} props */
function Gathering({ client, room, done }) {
  const [title, setTitle] = useState('');
  const [history, setHistory] = useState(true);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const made = client.ask('create', { kind: 'private', title: title.trim(), from: room.name, history });
    void done(made.then(({ room: info }) => {
      dialog.value = '';
      goTo(info?.name ?? '');
    }));
  };
  return html`
    <form class="gathering" onSubmit=${submit}>
      <label>${t('become.group')}
        <input name="group-title" dir="auto" autocomplete="off" maxlength="100" value=${title} placeholder=${t('new.privateHint')}
          onInput=${(/** @type {any} */ event) => setTitle(event.target.value)} />
      </label>
      <p class="hint">${t('become.groupHint')}</p>
      <label class="check">
        <input type="checkbox" name="history" checked=${history} onChange=${(/** @type {any} */ event) => setHistory(event.target.checked)} />
        <span>${t('become.history')} <span class="hint">${t('become.historyHint')}</span></span>
      </label>
      <button disabled=${!client.online || title.trim() === ''}>${t('become.make')}</button>
    </form>
  `;
}

/** A name as it is typed, without the sign of an open room. @param {string} name */
function plain(name) {
  return name.trim().replace(/^#/, '');
}
