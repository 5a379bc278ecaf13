/** About one room: its topic, of what in it one wants to hear, marking it read, leaving it. */

import { useState } from 'preact/hooks';
import { Becoming } from './becoming.js';
import { DestroyRoom } from './destroy.js';
import { Dialog } from './dialog.js';
import { failure } from './failure.js';
import { Members } from './members.js';
import { RoomRules } from './rules.js';
import { asked, dialog } from '../panes/panes.js';
import { favourites } from '../../engine/need.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */
/** @typedef {import('../../engine/types.js').Level} Level */

/** @type {Level[]} */
const LEVELS = ['everything', 'mentions', 'nothing'];

/** @param {{client: Client}} props */
export function RoomDialog({ client }) {
  const room = asked.value;
  if (room === null) return null;
  room.changes.watch;
  client.status.watch;
  return html`
    <${Dialog} title=${client.rooms.called(room)}>
      <${About} client=${client} room=${room} key=${room.key} />
    <//>
  `;
}

/** @param {{client: Client, room: Room}} props */
function About({ client, room }) {
  const [topic, setTopic] = useState(room.view.topic);
  const [said, say] = useState('');
  favourites.changes.watch;
  const isFavourite = favourites.has(room);
  /** @param {Promise<unknown>} action */
  const done = (action) => action.then(
    () => say(t('you.saved')),
    (why) => say(failure(why)),
  );
  /** @param {Event} event */
  const saveTopic = (event) => {
    event.preventDefault();
    void done(client.ask('configure', { room: room.name, topic: topic.trim() }));
  };
  const leave = () => done(client.rooms.leave(room).then(() => (dialog.value = '')));
  return html`
    <form onSubmit=${saveTopic}>
      <label>
        ${t('about.topic')}
        <input name="topic" dir="auto" autocomplete="off" maxlength=${client.limits?.topic ?? 250} value=${topic}
          placeholder=${t('about.topicHint')} onInput=${(/** @type {any} */ event) => setTopic(event.target.value)} />
      </label>
      <button disabled=${!client.online || topic.trim() === room.view.topic}>${t('about.saveTopic')}</button>
    </form>
    ${room.level !== undefined && html`
      <${Levels} room=${room} online=${client.online} choose=${(/** @type {Level} */ level) => done(client.marks.setLevel(room, level))} />
    `}
    <${RoomRules} client=${client} room=${room} done=${done} />
    <${Members} client=${client} room=${room} say=${say} />
    <${Becoming} client=${client} room=${room} done=${done} />
    <${DestroyRoom} client=${client} room=${room} say=${say} />
    <p class="why" role="status">${said}</p>
    <p class="choices">
      <button type="button" disabled=${room.view.unread === 0 || !client.online} onClick=${() => done(client.marks.read(room))}>${t('about.markRead')}</button>
      <button type="button" onClick=${() => done(favourites.set(client, room, !isFavourite))}>${t(isFavourite ? 'about.unstar' : 'about.star')}</button>
      <button type="button" disabled=${!client.online} onClick=${leave}>${t(room.view.info.kind === 'direct' ? 'room.hide' : 'room.leave')}</button>
    </p>
  `;
}

/** @param {{room: Room, online: boolean, choose: (level: Level) => void}} props */
function Levels({ room, online, choose }) {
  return html`
    <fieldset class="level" disabled=${!online}>
      <legend>${t('about.level')}</legend>
      ${LEVELS.map((level) => html`
        <label key=${level}>
          <input type="radio" name="level" value=${level} checked=${room.level === level} onChange=${() => choose(level)} />
          <span>${t(`about.${level}`)} <span class="hint">${t(`about.${level}Hint`)}</span></span>
        </label>
      `)}
    </fieldset>
  `;
}
