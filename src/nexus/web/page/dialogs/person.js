/** About someone: write to them; what they are in this room, and changing that. */

import { useEffect, useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { failure } from './failure.js';
import { ownRank, rankOf } from '../../engine/roles.js';
import { Ignore } from './protecting.js';
import { closeSearch, dialog, openSearch, someone } from '../panes/panes.js';
import { Sanctions, serverRole } from './sanctions.js';
import { put } from '../composer/aids.js';
import { placeOf } from '../shell/focus.js';
import { goTo } from '../shell/route.js';
import { dateOf } from '../timeline/dates.js';
import { roleKey } from '../timeline/happened.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */
/** @typedef {import('../../engine/types.js').MemberInfo} MemberInfo */

/** @param {{client: Client}} props */
export function PersonDialog({ client }) {
  const room = client.rooms.current;
  const name = someone.value;
  const [said, say] = useState('');
  const [member, found] = useState(/** @type {MemberInfo | undefined} */ (undefined));
  const look = async () => {
    if (room === null) return;
    const done = await client.ask('who', { room: room.name });
    found((done.members ?? []).find((/** @type {MemberInfo} */ one) => one.name === name));
  };
  useEffect(() => void look().catch((why) => say(failure(why))), [name, room]);
  /** @param {Promise<unknown>} action */
  const done = (action) => action.then(look).then(() => say(t('you.saved'))).catch((why) => say(failure(why)));
  const write = () => client.ask('direct', { names: [name] }).then((made) => {
    dialog.value = '';
    goTo(made.room?.name ?? '');
  }).catch((why) => say(failure(why)));
  const may = client.you?.guest === false && member?.guest === false && name !== client.name;
  return html`
    <${Dialog} title=${name} kind="person">
      <p class="hint">${member === undefined ? t(room === null ? 'person.away' : 'person.elsewhere') : about(member)}</p>
      <p class="choices">
        ${may && html`<button type="button" class="main" disabled=${!client.online} onClick=${write}>${t('person.write')}</button>`}
        ${room !== null && name !== client.name && html`<button type="button" onClick=${() => mention(name)}>${t('person.mention')}</button>`}
        <button type="button" onClick=${() => lookFor(client, name)}>${t('person.messages')}</button>
      </p>
      ${member !== undefined && html`<${Ignore} client=${client} member=${member} done=${done} />`}
      ${room !== null && member !== undefined && html`<${Moderating} client=${client} room=${room} member=${member} done=${done} />`}
      ${member !== undefined && html`<${Sanctions} client=${client} member=${member} say=${say} look=${look} />`}
      <p class="why" role="status">${said}</p>
    <//>
  `;
}

/** Begin to say something to them, in the room. @param {string} name */
function mention(name) {
  dialog.value = '';
  setTimeout(() => { // the dialog gives the focus back first
    const area = placeOf('composer');
    if (!(area instanceof HTMLTextAreaElement)) return;
    const { value } = area;
    put(area, `${/(^|\s)$/.test(value) ? '' : ' '}@${name} `, value.length, value.length);
  });
}

/** What they said, wherever one may read it. @param {Client} client @param {string} name */
function lookFor(client, name) {
  dialog.value = '';
  closeSearch();
  void client.search.find(`from:${name}`).catch(() => {}); // the pane begins with what was looked for last
  setTimeout(openSearch);
}

/** @param {MemberInfo} member */
function about({ guest, role, place, limited, here, since, owner }) {
  const now = t(here ? 'person.here' : 'person.away');
  if (guest) return [now, t('message.guest')].join(' · ');
  return [now, role === undefined || role === 'member' ? '' : serverRole(role), t(roleKey('role', place)), owner === undefined ? '' : t('bots.of', { name: owner }), limited ? t('limited.account') : '', since === undefined ? '' : t('person.since', { day: dateOf(since) })].filter(Boolean).join(' · ');
}

/** @param {{client: Client, room: Room, member: MemberInfo, done: (action: Promise<unknown>) => void}} props */
function Moderating({ client, room, member, done }) {
  const [reason, setReason] = useState('');
  const mine = ownRank(client, room);
  const { kind = 'open' } = room.view.info;
  if (kind === 'direct' || mine < rankOf('moderator') || rankOf(member.place) >= mine || member.name === client.name) return null;
  const to = (/** @type {string} */ role) => done(client.ask('promote', { room: room.name, person: member.person, role }));
  const roles = ['member', 'moderator', 'owner'].filter((role) => role !== member.place && (rankOf(role) < mine || mine === rankOf('owner')));
  const remove = (/** @type {Event} */ event) => {
    event.preventDefault();
    done(client.ask('remove', { room: room.name, person: member.person, reason: reason.trim() }));
  };
  return html`
    ${!member.guest && html`
      <p class="choices">
        ${roles.map((role) => html`<button type="button" key=${role} disabled=${!client.online} onClick=${() => to(role)}>${t(roleKey('person.make', role))}</button>`)}
      </p>
    `}
    <form onSubmit=${remove}>
      <label>${t('person.reason')}
        <input name="reason" dir="auto" autocomplete="off" maxlength="500" value=${reason} onInput=${(/** @type {any} */ event) => setReason(event.target.value)} />
      </label>
      <button disabled=${!client.online}>${t('person.remove', { room: client.rooms.called(room) })}</button>
    </form>
  `;
}
