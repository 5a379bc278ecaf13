/** What is on its way to a message and not stored yet: said where it takes longer, or was refused. */

import { useEffect, useState } from 'preact/hooks';
import { OTHER_AUTHOR } from '../../engine/outbox.js';
import { editing } from '../composer/editing.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** Milliseconds that may pass in silence; most is stored sooner. */
const SOON = 600;

/** @typedef {import('../../engine/outbox.js').Waiting} Waiting */

/** @param {{client: import('../../engine/client.js').Client, room: import('../../engine/room.js').Room, changes: Waiting[]}} props */
export function Coming({ client, room, changes }) {
  client.status.watch;
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), SOON);
    return () => clearTimeout(timer);
  }, []);
  const unsent = changes.filter((one) => one.refused === undefined && one.seq === undefined);
  const refused = changes.filter((one) => one.refused !== undefined);
  return html`
    ${unsent.length > 0 && (late || !client.online) && html`<p class="state">${t(said(unsent, client.online))}</p>`}
    ${refused.map((one) => html`<${Refused} key=${one.nonce} client=${client} room=${room} waiting=${one} />`)}
  `;
}

/** @param {Waiting[]} unsent @param {boolean} online @returns {import('../shell/language.js').Key} */
function said(unsent, online) {
  if (unsent.some((one) => one.verb === 'delete')) return online ? 'message.deleting' : 'message.deletingLater';
  return online ? 'message.pending' : 'message.waiting';
}

/** An edit that the server does not take. @param {{client: import('../../engine/client.js').Client, room: import('../../engine/room.js').Room, waiting: Waiting}} props */
function Refused({ client, room, waiting }) {
  const { nonce, refused = '', target = 0, text = '' } = waiting;
  const edit = () => editing.begin(room, target, room.message(target)?.text ?? '', client.takeBack(room, nonce));
  return html`
    <div class="unsaved" role="alert">
      <p class="state">${refused === OTHER_AUTHOR ? t('message.otherAuthor') : t('message.notSaved', { why: refused })}</p>
      <p class="wanted" dir="auto">${text}</p>
      <p class="choices">
        <button type="button" onClick=${() => client.again(room, nonce)}>${t('message.again')}</button>
        <button type="button" onClick=${edit}>${t('message.edit')}</button>
        <button type="button" onClick=${() => client.takeBack(room, nonce)}>${t('message.discard')}</button>
      </p>
    </div>
  `;
}
