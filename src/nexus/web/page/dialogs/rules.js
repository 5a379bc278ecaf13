/** What may be done in a room, and what it is called: for those who moderate it. */

import { useState } from 'preact/hooks';
import { Naming } from './becoming.js';
import { ownRank, rankOf } from '../../engine/roles.js';
import { html } from '../shell/html.js';
import { counted, t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */

/** Seconds between two messages that one can choose from. */
const SLOW = [0, 5, 30, 60, 300, 3600];

/** Days for which messages are kept that one can choose from; 0 is for ever, -1 as the server says. */
const KEEP = [-1, 1, 7, 30, 90, 365, 0];

const POSTING = /** @type {const} */ (['everyone', 'members', 'moderators']);
const GUESTS = /** @type {const} */ (['talk', 'read', 'none']);

/** @param {{client: Client, room: Room, done: (action: Promise<unknown>) => unknown}} props */
export function RoomRules({ client, room, done }) {
  const { info } = room.view;
  const { kind = 'open', posting = 'everyone', slow = 0, guests = 'talk', archived = false, keep = -1 } = info;
  if (kind === 'direct' || ownRank(client, room) < rankOf('moderator')) return null;
  /** @param {object} fields */
  const set = (fields) => done(client.ask('configure', { room: room.name, ...fields }));
  return html`
    <section class="settings" aria-labelledby="rules-title">
      <h3 id="rules-title">${t('rules.title')}</h3>
      ${kind === 'open' && html`<${Naming} client=${client} room=${room} set=${set} />`}
      ${kind === 'private' && html`<${Title} title=${info.title ?? ''} set=${set} online=${client.online} />`}
      <${Choice} name="posting" label=${t('rules.posting')} value=${posting} online=${client.online} set=${(/** @type {string} */ value) => set({ posting: value })}
        options=${POSTING.map((one) => [one, t(`rules.posting.${one}`)])} />
      <${Choice} name="slow" label=${t('rules.slow')} value=${String(slow)} online=${client.online} set=${(/** @type {string} */ value) => set({ slow: Number(value) })}
        options=${[...new Set([...SLOW, slow])].map((one) => [String(one), one === 0 ? t('rules.slow.no') : t('rules.slow.seconds', { count: one })])} />
      ${kind === 'open' && html`
        <${Choice} name="guests" label=${t('rules.guests')} value=${guests} online=${client.online} set=${(/** @type {string} */ value) => set({ guests: value })}
          options=${GUESTS.map((one) => [one, t(`rules.guests.${one}`)])} />
      `}
      ${ownRank(client, room) >= rankOf('owner') && html`
        <${Keep} keep=${keep} online=${client.online} set=${set} key=${keep} />
        <label class="check">
          <input type="checkbox" name="archived" checked=${archived} disabled=${!client.online} onChange=${(/** @type {any} */ event) => set({ archived: event.target.checked })} />
          <span>${t('rules.archived')} <span class="hint">${t('rules.archivedHint')}</span></span>
        </label>
      `}
    </section>
  `;
}

/** For how long messages are kept: what is chosen is done by a button, as what is older is gone then. @param {{keep: number, online: boolean, set: (fields: object) => void}} props */
function Keep({ keep, online, set }) {
  const [days, choose] = useState(keep);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    set({ keep: days });
  };
  const options = [...new Set([...KEEP, keep])].map((one) => /** @type {[string, string]} */ ([String(one), keptFor(one)]));
  return html`
    <form onSubmit=${submit}>
      <${Choice} name="keep" label=${t('rules.keep')} value=${String(days)} online=${online} set=${(/** @type {string} */ value) => choose(Number(value))} options=${options} />
      ${days !== keep && html`
        ${days > 0 && html`<p class="hint">${t('rules.keep.warning')}</p>`}
        <button disabled=${!online}>${t('rules.keep.set')}</button>
      `}
    </form>
  `;
}

/** @param {number} days */
function keptFor(days) {
  if (days < 0) return t('rules.keep.server');
  return days === 0 ? t('rules.keep.ever') : counted('rules.keep.days', days);
}

/** @param {{title: string, set: (fields: object) => void, online: boolean}} props */
function Title({ title, set, online }) {
  const [text, setText] = useState(title);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    set({ title: text.trim() });
  };
  return html`
    <form onSubmit=${submit}>
      <label>${t('rules.name')}
        <input name="title" dir="auto" autocomplete="off" maxlength="100" value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)} />
      </label>
      <button disabled=${!online || text.trim() === '' || text.trim() === title}>${t('rules.rename')}</button>
    </form>
  `;
}

/** @param {{name: string, label: string, value: string, options: [string, string][], online: boolean, set: (value: string) => void}} props */
function Choice({ name, label, value, options, online, set }) {
  return html`
    <label>
      ${label}
      <select name=${name} disabled=${!online} onChange=${(/** @type {any} */ event) => set(event.target.value)}>
        ${options.map(([one, text]) => html`<option key=${one} value=${one} selected=${one === value}>${text}</option>`)}
      </select>
    </label>
  `;
}
