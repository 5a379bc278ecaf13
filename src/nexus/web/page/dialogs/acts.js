/** What moderators did to whom, when and why; each act can be taken back. */

import { useEffect, useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { failure } from './failure.js';
import { moderates } from '../../engine/roles.js';
import { dayName, timeOf } from '../timeline/dates.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {{act: number, at: number, by: string, verb: string, name?: string, until?: number, reason?: string, undone?: boolean, undoes?: number}} Act */

const VERBS = /** @type {const} */ ([
  'mute', 'unmute', 'ban', 'unban', 'purge', 'restore', 'role', 'pause', 'unpause', 'rename_room', 'archive', 'unarchive', 'limit', 'unlimit',
  'invite', 'uninvite', 'delete', 'destroy', 'revive',
]);
/** Who did what nobody with an account did; that is not undone here. */
const OPERATOR = 'the operator';

const UNDOABLE = ['mute', 'ban', 'purge', 'role', 'pause', 'limit', 'unlimit', 'delete', 'destroy'];

/** @param {{client: Client}} props */
export function ActsDialog({ client }) {
  client.status.watch;
  const [acts, listed] = useState(/** @type {Act[] | null} */ (null));
  const [said, say] = useState('');
  const [paused, setPaused] = useState(false);
  const look = () => client.ask('acts').then((/** @type {any} */ done) => (listed(done.acts ?? []), setPaused(done.paused)));
  const none = (/** @type {any} */ why) => (why.code === 'forbidden' ? listed([]) : say(failure(why))); // one looks after nothing
  useEffect(() => void (client.online && look().catch(none)), [client.online]);
  const moderator = moderates(client.you?.role);
  /** @param {Act} act */
  const undo = ({ act }) => client.ask('undo', { act }).then(look).then(() => say(t('sanction.undone'))).catch((why) => say(failure(why)));
  const pause = (/** @type {number | undefined} */ purge) => client.ask('pause', { on: !paused, purge }).then(look).then(() => say('')).catch((why) => say(failure(why)));
  return html`
    <${Dialog} title=${t('acts.title')}>
      ${moderator && html`<p class="hint">${t(paused ? 'pause.is' : 'pause.what')}</p>`}
      ${moderator && html`<p class="choices"><button type="button" disabled=${!client.online || acts === null} onClick=${() => pause(undefined)}>${t(paused ? 'pause.off' : 'pause.on')}</button>
        ${!paused && html`<button type="button" disabled=${!client.online || acts === null} onClick=${() => pause(1)}>${t('pause.purge')}</button>`}</p>`}
      ${acts?.length === 0 && html`<p class="hint">${t('acts.none')}</p>`}
      <ul class="logins acts">
        ${(acts ?? []).map((act) => html`
          <li key=${act.act}>
            <span class="what"><span dir="auto">${sentence(act)}</span> <span class="hint">${dayName(act.at)}, ${timeOf(act.at)}${act.reason ? ` · ${act.reason}` : ''}</span></span>
            ${act.undone && html`<span class="hint">${t('acts.undone')}</span>`}
            ${!act.undone && UNDOABLE.includes(act.verb) && act.by !== OPERATOR && html`<button type="button" disabled=${!client.online} onClick=${() => undo(act)}>${t('sanction.undo')}</button>`}
          </li>
        `)}
      </ul>
      <p class="why" role="status">${said}</p>
    <//>
  `;
}

/** @param {Act} act */
function sentence({ verb, by, name = '' }) {
  const known = VERBS.find((one) => one === verb);
  return known === undefined ? `${by}: ${verb} ${name}` : t(`acts.${known}`, { by, name });
}
