/** Who belongs to a room, and as what; bringing someone in. */

import { useEffect, useState } from 'preact/hooks';
import { failure } from './failure.js';
import { ownRank, rankOf } from '../../engine/roles.js';
import { Inviting } from './invite.js';
import { openPerson } from '../panes/panes.js';
import { roleKey } from '../timeline/happened.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */
/** @typedef {import('../../engine/types.js').MemberInfo} MemberInfo */

/** @param {{client: Client, room: Room, say: (sentence: string) => void}} props */
export function Members({ client, room, say }) {
  const [members, listed] = useState(/** @type {MemberInfo[]} */ ([]));
  const [name, setName] = useState('');
  const look = () => client.ask('who', { room: room.name }).then((done) => listed(done.members ?? []));
  useEffect(() => void (client.online && look().catch(() => {})), [client.online, room.view.last?.seq]);
  const add = (/** @type {Event} */ event) => {
    event.preventDefault();
    client.ask('add', { room: room.name, name: name.trim() }).then(() => (setName(''), say(t('you.saved')), look())).catch((why) => say(failure(why)));
  };
  const { kind = 'open' } = room.view.info;
  return html`
    <section aria-labelledby="members-title">
      <h3 id="members-title">${t('members.title')}</h3>
      <ul class="logins members">
        ${members.filter((one) => !one.guest).map((one) => html`
          <li key=${one.name}>
            <button type="button" class="link" dir="auto" onClick=${() => openPerson(one.name)}>${one.name}</button>
            <span class="hint">${[one.place === 'member' ? '' : t(roleKey('role', one.place)), one.limited ? t('limited.account') : ''].filter(Boolean).join(' · ')}</span>
          </li>
        `)}
      </ul>
      ${kind !== 'direct' && ownRank(client, room) >= rankOf('moderator') && html`
        <form class="adding" onSubmit=${add}>
          <label>${t('members.add')}
            <input name="add" dir="auto" autocomplete="off" spellcheck=${false} placeholder=${t('members.addHint')} value=${name}
              onInput=${(/** @type {any} */ event) => setName(event.target.value)} />
          </label>
          <button disabled=${!client.online || name.trim() === ''}>${t('members.adds')}</button>
        </form>
        ${!client.you?.limited && html`<${Inviting} client=${client} room=${room} say=${say} />`}
      `}
    </section>
  `;
}
