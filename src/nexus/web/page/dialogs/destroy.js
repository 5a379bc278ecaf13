/** Deleting a room: what goes with it is said first, and its name has to be typed. */

import { useState } from 'preact/hooks';
import { failure } from './failure.js';
import { ownRank, rankOf } from '../../engine/roles.js';
import { dialog } from '../panes/panes.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';
import { offerUndo } from '../shell/undoing.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */

/** @param {{client: Client, room: Room, say: (sentence: string) => void}} props */
export function DestroyRoom({ client, room, say }) {
  const [goes, tells] = useState('');
  const { kind = 'open' } = room.view.info;
  if (kind === 'direct' || ownRank(client, room) < rankOf('owner')) return null;
  const ask = () => client.ask('destroy', { room: room.name }).catch((why) => (why.code === 'bad_request' ? tells(why.message) : say(failure(why))));
  return html`
    <section class="settings" aria-labelledby="destroy-title">
      <h3 id="destroy-title">${t('destroy.title')}</h3>
      ${goes === ''
        ? html`<p class="choices"><button type="button" disabled=${!client.online} onClick=${ask}>${t('destroy.begin')}</button></p>`
        : html`<${Confirmation} client=${client} room=${room} goes=${goes} say=${say} />`}
    </section>
  `;
}

/** @param {{client: Client, room: Room, goes: string, say: (sentence: string) => void}} props */
function Confirmation({ client, room, goes, say }) {
  const [typed, type] = useState('');
  const [reason, because] = useState('');
  const name = room.view.info.title || room.name;
  /** @param {Event} event */
  const destroy = async (event) => {
    event.preventDefault();
    try {
      const done = await client.ask('destroy', { room: room.name, confirm: true, reason: reason.trim() });
      dialog.value = '';
      offerUndo(client, t('destroy.done', { room: name }), done.act ?? 0);
    } catch (why) {
      say(failure(why));
    }
  };
  return html`
    <form onSubmit=${destroy}>
      <p>${goes}</p>
      <p>${t('destroy.about')}</p>
      <label>${t('destroy.type', { room: name })}
        <input name="destroyed" dir="auto" autofocus autocomplete="off" autocapitalize="off" spellcheck=${false} value=${typed}
          onInput=${(/** @type {any} */ event) => type(event.target.value)} />
      </label>
      <label>${t('person.reason')}
        <input name="why" dir="auto" autocomplete="off" maxlength="500" value=${reason} onInput=${(/** @type {any} */ event) => because(event.target.value)} />
      </label>
      <button class="danger" disabled=${!client.online || typed.trim() !== name}>${t('destroy.yes')}</button>
    </form>
  `;
}
