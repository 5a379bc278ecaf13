/** What a moderator of the server may do to someone: mute, ban, give a role; each can be taken back at once. */

import { useState } from 'preact/hooks';
import { failure } from './failure.js';
import { administers, giveable, moderates, serverRank } from '../../engine/roles.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/types.js').MemberInfo} MemberInfo */

/** @param {{client: Client, member: MemberInfo, say: (sentence: string) => void, look: () => Promise<void>}} props */
export function Sanctions({ client, member, say, look }) {
  const [reason, setReason] = useState('');
  const [act, done] = useState(0);
  const [others, hits] = useState(/** @type {number | null} */ (null));
  const mine = client.you?.role;
  if (!moderates(mine) || serverRank(member.role) >= serverRank(mine)) return null;
  /** @param {string} verb @param {object} fields */
  const run = (verb, fields = {}) => client.ask(verb, { person: member.person, reason: reason.trim(), ...fields }).then(async (/** @type {any} */ told) => {
    if (told.act === undefined && told.others !== undefined) return hits(told.others);
    done(told.act ?? 0);
    hits(null);
    say(told.count === undefined ? t('you.saved') : t('sanction.hid', { count: told.count }));
    await look().catch(() => {});
  }).catch((why) => say(failure(why)));
  const undo = () => client.ask('undo', { act }).then(() => (done(0), say(t('sanction.undone')), look())).catch((why) => say(failure(why)));
  const off = !client.online;
  return html`
    <section class="sanctions" aria-labelledby="sanctions-title">
      <h3 id="sanctions-title">${t('sanction.title')}</h3>
      <label>${t('person.reason')}
        <input name="why" dir="auto" autocomplete="off" maxlength="500" value=${reason} onInput=${(/** @type {any} */ event) => setReason(event.target.value)} />
      </label>
      <p class="choices">
        <button type="button" disabled=${off} onClick=${() => run('mute', { minutes: 60 })}>${t('sanction.mute.hour')}</button>
        <button type="button" disabled=${off} onClick=${() => run('mute')}>${t('sanction.mute')}</button>
        <button type="button" disabled=${off} onClick=${() => run('ban', { hours: 24 })}>${t('sanction.ban.day')}</button>
        <button type="button" disabled=${off} onClick=${() => run('ban')}>${t('sanction.ban')}</button>
        <button type="button" disabled=${off} onClick=${() => run('ban', { address: true })}>${t('sanction.address')}</button>
        ${[1, 24].map((hours) => html`<button type="button" key=${hours} disabled=${off} onClick=${() => run('purge', { since: Date.now() - hours * 3_600_000 })}>${t(hours === 1 ? 'sanction.purge.hour' : 'sanction.purge.day')}</button>`)}
      </p>
      ${others !== null && html`
        <p>${t('sanction.others', { count: others })}</p><p class="choices">
          ${[undefined, 24].map((purge) => html`<button type="button" key=${purge} disabled=${off} onClick=${() => run('ban', { address: true, confirm: true, purge })}>${t(purge ? 'sanction.confirm.hide' : 'sanction.confirm')}</button>`)}</p>
      `}
      <${Roles} mine=${mine} member=${member} give=${(/** @type {string} */ role) => run('promote', { role, reason: undefined })} off=${off} />
      <${Limits} mine=${mine} member=${member} run=${run} off=${off} />
      ${act !== 0 && html`<p class="choices"><button type="button" disabled=${off} onClick=${undo}>${t('sanction.undo')}</button></p>`}
    </section>
  `;
}

/** @param {{mine?: string, member: MemberInfo, give: (role: string) => void, off: boolean}} props */
function Roles({ mine, member, give, off }) {
  const roles = member.guest || member.limited ? [] : giveable(mine, member.role);
  return roles.length > 0 && html`
    <p class="choices">
      ${roles.map((role) => html`<button type="button" key=${role} disabled=${off} onClick=${() => give(role)}>${t('sanction.make', { role: serverRole(role) })}</button>`)}
    </p>
  `;
}

/** Whether an account finds only its rooms. @param {{mine?: string, member: MemberInfo, run: (verb: string) => void, off: boolean}} props */
function Limits({ mine, member, run, off }) {
  if (member.guest || member.role !== 'member' || !administers(mine)) return null;
  const verb = member.limited ? 'unlimit' : 'limit';
  return html`
    <p class="hint">${t('limited.about')}</p>
    <p class="choices"><button type="button" disabled=${off} onClick=${() => run(verb)}>${t(member.limited ? 'limited.lift' : 'limited.set')}</button></p>
  `;
}

/** What someone is on the server, in words. @param {string} role */
export function serverRole(role) {
  const known = /** @type {const} */ (['bot', 'moderator', 'admin', 'owner']).find((one) => one === role);
  return t(known === undefined ? 'role.member' : `server.${known}`);
}
