/** The box to write in. */

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { editing } from './editing.js';
import { enters } from './entering.js';
import { replying } from './replying.js';
import { Suggestions } from './suggestions.js';
import { TypingLine } from './typingline.js';
import { press, send, take, tooLong, typed } from './writing.js';
import { insertAt } from './inserting.js';
import { place } from '../shell/focus.js';
import { excerpt } from '../timeline/excerpt.js';
import { html } from '../shell/html.js';
import { Icon } from '../shell/icons.js';
import { Sentence } from '../shell/names.js';
import { counted, t } from '../shell/language.js';

/** @typedef {import('./completion.js').Completion} Completion */
/** @typedef {import('./replying.js').Answered} Answered */
/** @typedef {import('./writing.js').Box} Box */
/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */

/** @param {{client: Client, room: Room, replying?: Answered}} props */
export function Composer({ client, room, replying: answered }) {
  const box = useBox(client, room, answered);
  const { edited, completion, chosen } = box;
  const over = tooLong(client, box.text);
  return html`
    <form class="composer" onSubmit=${(/** @type {Event} */ event) => (event.preventDefault(), send(box))}>
      <${TypingLine} room=${room} />
      ${edited !== undefined && html`<${Editing} room=${room} before=${edited.before} />`}
      ${answered !== undefined && edited === undefined && html`<${Replying} room=${room} answered=${answered} />`}
      ${completion !== null && html`<${Suggestions} choices=${completion.choices} chosen=${chosen} take=${(/** @type {string} */ word) => take(box, word)} />`}
      <div class="field">
        <${Field} box=${box} />
        <button type="button" class="quiet smile" aria-label=${t('composer.emoji')} aria-haspopup="dialog" onClick=${(/** @type {any} */ event) => insertAt(box.area.current, event.currentTarget)}><${Icon} name="smile" /></button>
        <button class="send" aria-label=${t(edited === undefined ? 'composer.send' : 'composer.save')} disabled=${(box.text.trim() === '' && edited === undefined) || over > 0}><${Icon} name="send" /></button>
      </div>
      ${over > 0 && html`<p class="over" role="alert">${counted('composer.tooLong', over)}</p>`}
    </form>
  `;
}

/** @param {Client} client @param {Room} room @param {Answered} [answered] @returns {Box} */
function useBox(client, room, answered) {
  room.drafted.watch;
  const edited = editing.of(room);
  const [text, setText] = useState(edited?.text ?? room.draft);
  const [completion, complete] = useState(/** @type {Completion | null} */ (null));
  const [chosen, choose] = useState(0);
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const noticed = useRef(0);
  useLayoutEffect(() => setText(edited?.text ?? room.draft), [room.drafted.watch, edited?.seq]);
  useEffect(() => {
    if (matchMedia('(hover: hover)').matches) area.current?.focus(); // a phone's keyboard stays away until asked for
  }, [room]);
  useLayoutEffect(() => grow(area.current), [text]);
  return { client, room, answered, edited, text, setText, completion, complete, chosen, choose, area, noticed };
}

/** @param {{box: Box}} props */
function Field({ box }) {
  const { client, room, completion } = box;
  room.named.watch;
  useLayoutEffect(() => place('composer', box.area.current), []);
  return html`
    <textarea
      id="composer" ref=${box.area} rows="1" dir="auto" value=${box.text} enterkeyhint=${enters.value === 'send' ? 'send' : 'enter'}
      aria-label=${t('composer.label', { room: client.rooms.label(room) })} placeholder=${t('composer.hint', { room: client.rooms.called(room) })}
      aria-autocomplete="list" aria-haspopup="listbox" aria-controls=${completion === null ? undefined : 'suggestions'}
      aria-activedescendant=${completion === null || box.chosen < 0 ? undefined : `suggestion-${box.chosen}`}
      onInput=${(/** @type {InputEvent} */ event) => typed(box, event)}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => press(box, event)} onBlur=${() => box.complete(null)}
    ></textarea>
  `;
}

/** As high as its text, up to what the style allows. @param {HTMLTextAreaElement | null} box */
function grow(box) {
  if (box === null) return;
  box.style.height = 'auto';
  box.style.height = `${box.scrollHeight}px`;
}

/** What is edited; the draft comes back after it. @param {{room: Room, before: string}} props */
function Editing({ room, before }) {
  return html`
    <div class="replying">
      <span>${t('composer.editing')}</span>
      <span class="what" dir="auto">${excerpt(before, 100)}</span>
      <button type="button" class="quiet" aria-label=${t('composer.noEdit')} onClick=${() => editing.set(room)}>
        <${Icon} name="close" />
      </button>
    </div>
  `;
}

/** @param {{room: import('../../engine/room.js').Room, answered: import('./replying.js').Answered}} props */
function Replying({ room, answered }) {
  room.changes.watch;
  const { by, text, deleted } = { ...answered, ...room.message(answered.seq) }; // as it is by now, where that is known
  return html`
    <div class="replying">
      <span><${Sentence} text=${t('composer.replying', { name: by })} names=${[by]} /></span>
      <span class="what" dir="auto">${deleted ? t('message.deleted') : excerpt(text, 100)}</span>
      <button type="button" class="quiet" aria-label=${t('composer.noReply')} onClick=${() => replying.set(room)}>
        <${Icon} name="close" />
      </button>
    </div>
  `;
}
