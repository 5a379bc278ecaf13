/** A link by which people come into a room, or to the server. */

import { useState } from 'preact/hooks';
import { base } from '../../engine/prefix.js';
import { failure } from './failure.js';
import { copy } from '../timeline/code.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */

/** People and hours that a link is for. */
const USES = 10;
const HOURS = 168;

/** @param {{client: Client, room?: string, say: (sentence: string) => void}} props `room`: without one, to the server */
export function InviteLink({ client, room, say }) {
  const [link, made] = useState('');
  const make = () => client.ask('invite', { room, uses: USES, hours: HOURS }).then((/** @type {any} */ done) => {
    made(new URL(`${base}/invite/${done.code}`, location.href).href);
  }).catch((why) => say(failure(why)));
  const take = async () => {
    if (await copy(link)) say(t('room.copied'));
  };
  if (link === '') {
    return html`<p class="choices"><button type="button" disabled=${!client.online} onClick=${make}>${t(room === undefined ? 'invite.server' : 'invite.room')}</button></p>`;
  }
  return html`
    <p class="hint">${t('invite.about', { uses: USES, days: HOURS / 24 })}</p>
    <p class="choices">
      <input readonly aria-label=${t('invite.link')} value=${link} onFocus=${(/** @type {any} */ event) => event.target.select()} />
      <button type="button" onClick=${take}>${t('message.link')}</button>
    </p>
  `;
}
