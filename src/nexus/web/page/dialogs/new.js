/** Begin something: talk with a few people, make a private room, or open one for everyone. */

import { useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { failure } from './failure.js';
import { dialog } from '../panes/panes.js';
import { goTo } from '../shell/route.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */

/** @param {{client: Client}} props */
export function NewDialog({ client }) {
  client.status.watch;
  const [said, say] = useState('');
  const { guest = true, limited = false } = client.you ?? {};
  /** Go to the room that the server made. @param {Promise<any>} made */
  const enter = (made) => made.then(({ room }) => go(room.name)).catch((why) => say(failure(why)));
  const go = (/** @type {string} */ name) => {
    dialog.value = '';
    goTo(name);
  };
  return html`
    <${Dialog} title=${t(limited ? 'new.direct' : 'new.title')}>
      ${guest && html`<p class="hint">${t('new.guest')}</p>`}
      ${!guest && html`
        <${Asking} name="names" first label=${t('new.direct')} hint=${t('new.directHint')} deed=${t('new.talk')} known=${names(client)}
          run=${(/** @type {string} */ text) => enter(client.ask('direct', { names: text.split(/[\s,]+/).filter(Boolean) }))} />
        ${!limited && html`<${Asking} name="title" label=${t('new.private')} hint=${t('new.privateHint')} deed=${t('new.make')}
          run=${(/** @type {string} */ title) => enter(client.ask('create', { kind: 'private', title }))} />`}
      `}
      ${!limited && html`<${Asking} name="room" first=${guest} label=${t('new.open')} hint=${t('new.openHint')} deed=${t('new.go')} run=${(/** @type {string} */ text) => go(text.replace(/^#/, ''))} />`}
      <p class="why" role="status">${said}</p>
    <//>
  `;
}

/** @param {{name: string, first?: boolean, label: string, hint: string, deed: string, known?: string[], run: (text: string) => void}} props */
function Asking({ name, first = false, label, hint, deed, known = [], run }) {
  const [text, setText] = useState('');
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (text.trim() !== '') run(text.trim());
  };
  return html`
    <form onSubmit=${submit}>
      <label>
        ${label}
        <input name=${name} autofocus=${first} dir="auto" autocomplete="off" spellcheck=${false} placeholder=${hint} value=${text} list=${known.length > 0 ? `known-${name}` : undefined}
          onInput=${(/** @type {any} */ event) => setText(event.target.value)} />
      </label>
      ${known.length > 0 && html`<datalist id=${`known-${name}`}>${known.map((one) => html`<option key=${one} value=${one} />`)}</datalist>`}
      <button disabled=${text.trim() === ''}>${deed}</button>
    </form>
  `;
}

/** Whom one has met here. @param {Client} client */
function names(client) {
  const all = new Set(client.rooms.all.flatMap((room) => [...room.view.here]));
  all.delete(client.name);
  return [...all].sort((a, b) => a.localeCompare(b)).slice(0, 200);
}
