/** Links by which people come into a room, or to the server: making one, and those that there are. */

import { useEffect, useState } from 'preact/hooks';
import { base } from '../../engine/prefix.js';
import { failure } from './failure.js';
import { inviting } from '../../engine/roles.js';
import { copy } from '../timeline/code.js';
import { roleKey } from '../timeline/happened.js';
import { Invitations } from './invitations.js';
import { Qr } from './qr.js';
import { serverRole } from './sanctions.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */
/** @typedef {{invite: number, by: string, uses: number, expires: number, limited: boolean, role: string, room: string, used: string[]}} Invitation */

/** People and days that a link is for, unless one says otherwise. */
const PEOPLE = 10;
const DAYS = 7;

/** @param {{client: Client, room?: Room, say: (sentence: string) => void}} props `room`: without one, to the server */
export function Inviting({ client, room, say }) {
  const [invites, listed] = useState(/** @type {Invitation[]} */ ([]));
  const [made, setMade] = useState({ link: '', qr: /** @type {string[]} */ ([]) });
  const [asked, change] = useState({ people: PEOPLE, days: DAYS, limited: false, role: 'member' });
  const look = () => client.ask('invites', { room: room?.name }).then((/** @type {any} */ done) => listed(done.invites ?? []));
  useEffect(() => void (client.online && look().catch(() => {})), [client.online]);
  const make = (/** @type {Event} */ event) => {
    event.preventDefault();
    const page = `${location.origin}${base}`;
    const fields = { room: room?.name, uses: asked.people, hours: asked.days * 24, role: asked.role, limited: asked.limited, page };
    client.ask('invite', fields).then((/** @type {any} */ done) => {
      setMade({ link: `${page}/invite/${done.code}`, qr: done.qr ?? [] });
      say('');
      return look();
    }).catch((why) => say(failure(why)));
  };
  /** @param {Invitation} one */
  const end = ({ invite }) => client.ask('uninvite', { invite }).then(look).then(() => say(t('sanction.undone'))).catch((why) => say(failure(why)));
  return html`
    <form class="inviting" onSubmit=${make}>
      <${Amount} name="people" label=${t('invite.people')} value=${asked.people} most=${10_000} set=${(/** @type {number} */ people) => change({ ...asked, people })} />
      <${Amount} name="days" label=${t('invite.days')} value=${asked.days} most=${3650} set=${(/** @type {number} */ days) => change({ ...asked, days })} />
      <${Role} client=${client} room=${room} role=${asked.role} set=${(/** @type {string} */ role) => change({ ...asked, role })} />
      ${room !== undefined && html`
        <label class="check">
          <input type="checkbox" name="limited" checked=${asked.limited} onChange=${(/** @type {any} */ event) => change({ ...asked, limited: event.target.checked })} />
          <span>${t('invite.limited')} <span class="hint">${t('invite.limitedHint')}</span></span>
        </label>
      `}
      <button disabled=${!client.online}>${t(room === undefined ? 'invite.server' : 'invite.room')}</button>
    </form>
    ${made.link !== '' && html`<${Made} link=${made.link} qr=${made.qr} say=${say} />`}
    ${invites.length > 0 && html`<${Invitations} invites=${invites} end=${end} off=${!client.online} />`}
  `;
}

/** @param {{name: string, label: string, value: number, most: number, set: (value: number) => void}} props */
function Amount({ name, label, value, most, set }) {
  return html`
    <label>${label}
      <input name=${name} type="number" required min="1" max=${most} value=${value} onInput=${(/** @type {any} */ event) => set(event.target.valueAsNumber)} />
    </label>
  `;
}

/** What people become there, where there is a choice. @param {{client: Client, room?: Room, role: string, set: (role: string) => void}} props */
function Role({ client, room, role, set }) {
  const roles = inviting(client, room);
  if (roles.length < 2) return null;
  return html`
    <label>${t('invite.role')}
      <select name="role" onChange=${(/** @type {any} */ event) => set(event.target.value)}>
        ${roles.map((one) => html`<option key=${one} value=${one} selected=${one === role}>${room === undefined ? serverRole(one) : t(roleKey('role', one))}</option>`)}
      </select>
    </label>
  `;
}

/** The link, which is shown this once. @param {{link: string, qr: string[], say: (sentence: string) => void}} props */
function Made({ link, qr, say }) {
  const take = async () => {
    if (await copy(link)) say(t('room.copied'));
  };
  return html`
    <p class="hint">${t('invite.about')}</p>
    <p class="choices">
      <input readonly aria-label=${t('invite.link')} value=${link} onFocus=${(/** @type {any} */ event) => event.target.select()} />
      <button type="button" onClick=${take}>${t('message.link')}</button>
    </p>
    ${qr.length > 0 && html`<${Qr} rows=${qr} label=${t('invite.qr')} />`}
  `;
}
