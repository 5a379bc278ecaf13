/** The box to write in. */

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { completionAt } from './completion.js';
import { read } from './commands.js';
import { act } from './deeds.js';
import { editing, editNewest, saveEdit } from './editing.js';
import { Icon } from './icons.js';
import { replying } from './replying.js';
import { Suggestions, pressInSuggestions } from './suggestions.js';
import { counted, t } from './words.js';
import { TypingLine } from './typing.js';
import { walkIn } from './walk.js';
import { html } from './html.js';

/** Milliseconds between two notices that one types. */
const NOTICE = 3000;

/** @typedef {import('./completion.js').Completion} Completion */
/** @typedef {import('../engine/client.js').Client} Client */
/** @typedef {import('../engine/room.js').Room} Room */

/**
 * @param {{client: import('../engine/client.js').Client, room: import('../engine/room.js').Room,
 *   replying?: import('./replying.js').Answered}} props
 */
export function Composer({ client, room, replying: answered }) {
  room.drafted.watch;
  const edited = editing.of(room);
  const [text, setText] = useState(edited?.text ?? room.draft);
  const [completion, complete] = useState(/** @type {Completion | null} */ (null));
  const [chosen, choose] = useState(0);
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const noticed = useRef(0);
  useLayoutEffect(() => setText(edited?.text ?? room.draft), [room.drafted.watch, edited?.seq]);
  useEffect(() => {
    if (matchMedia('(hover: hover)').matches) box.current?.focus(); // a phone's keyboard stays away until asked for
  }, [room]);
  useLayoutEffect(() => grow(box.current), [text]);

  /** @param {Completion | null | Promise<Completion | null>} found @param {string} of the text it is for */
  const suggest = (found, of) => {
    const here = found instanceof Promise ? null : found;
    if (found instanceof Promise) void found.then((later) => box.current?.value === of && complete(later)).catch(() => {});
    complete(here);
    choose(0);
  };
  /** @param {string} now @param {number} [caret] */
  const change = (now, caret) => {
    setText(now);
    if (edited === undefined) room.draft = now;
    else editing.set(room, { ...edited, text: now });
    suggest(caret === undefined ? null : completionAt(now, caret, client, room), now);
    if (now !== '' && edited === undefined && Date.now() - noticed.current > NOTICE) {
      noticed.current = Date.now();
      client.ask('typing', { room: room.name }).catch(() => {});
    }
  };
  const send = () => {
    if (edited !== undefined) return save(client, room, { ...edited, text });
    if (text.trim() === '' || tooLong(client, text) > 0) return;
    try {
      const line = read(text, client, room);
      if ('run' in line) return void carryOut(line.run, text);
      if (!client.say(room, line.text, answered?.seq)) throw new Error(t('composer.tooMany'));
    } catch (why) {
      return client.tell(/** @type {Error} */ (why).message);
    }
    noticed.current = 0;
    replying.set(room);
    change('');
    box.current?.focus();
  };
  /** A command; its line stays until it is done. @param {() => unknown} run @param {string} line */
  const carryOut = async (run, line) => {
    try {
      await run();
      if (room.draft === line) room.draft = '';
      room.drafted.changed();
    } catch (why) {
      client.tell(why instanceof Error && why.message ? why.message : t('error.offline'));
    }
  };
  /** @param {string} word */
  const take = (word) => {
    if (completion === null || box.current === null) return;
    const before = `${text.slice(0, completion.start)}${word} `;
    const after = text.slice(completion.end).replace(/^ /, '');
    change(before + after);
    box.current.value = before + after;
    box.current.setSelectionRange(before.length, before.length);
    box.current.focus();
  };
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    if (event.isComposing) return;
    if (completion !== null && pressInSuggestions(event, completion, text, { chosen, choose, take, close: () => complete(null) })) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'ArrowUp' && text === '') {
      if ((!event.shiftKey && edited === undefined && editNewest(client, room)) || walkIn()) event.preventDefault();
    } else if (event.key === 'Escape' && (edited ?? answered) !== undefined) {
      event.preventDefault();
      if (edited === undefined) replying.set(room);
      else editing.set(room);
    }
  };
  const over = tooLong(client, text);
  return html`
    <form class="composer" onSubmit=${(/** @type {Event} */ event) => (event.preventDefault(), send())}>
      <${TypingLine} room=${room} />
      ${edited !== undefined && html`<${Editing} room=${room} before=${edited.before} />`}
      ${answered !== undefined && edited === undefined && html`<${Replying} room=${room} answered=${answered} />`}
      ${completion !== null && html`<${Suggestions} choices=${completion.choices} chosen=${chosen} take=${take} />`}
      <div class="field">
        <textarea
          id="composer" ref=${box} rows="1" dir="auto" value=${text} enterkeyhint="send"
          aria-label=${t('composer.label', { room: room.name })} placeholder=${t('composer.hint', { room: `#${room.name}` })}
          aria-autocomplete="list" aria-haspopup="listbox" aria-controls=${completion === null ? undefined : 'suggestions'}
          aria-activedescendant=${completion === null ? undefined : `suggestion-${chosen}`}
          onInput=${(/** @type {any} */ event) => change(event.target.value, event.target.selectionStart)}
          onKeyDown=${press} onBlur=${() => complete(null)}
        ></textarea>
        <button class="send" aria-label=${t(edited === undefined ? 'composer.send' : 'composer.save')} disabled=${(text.trim() === '' && edited === undefined) || over > 0}><${Icon} name="send" /></button>
      </div>
      ${over > 0 && html`<p class="over" role="alert">${counted('composer.tooLong', over)}</p>`}
    </form>
  `;
}

/** Save an edit; one without text asks whether the message shall be deleted. @param {Client} client @param {Room} room @param {import('./editing.js').Edited} edited */
function save(client, room, edited) {
  const event = room.message(edited.seq);
  if (edited.text.trim() !== '' && tooLong(client, edited.text) === 0) {
    if (!saveEdit(client, room, edited)) client.tell(t('composer.tooMany'));
  } else if (edited.text.trim() === '' && event !== undefined) {
    editing.set(room);
    act('delete', { client, room, event });
  }
}

/** How many characters are too many. @param {import('../engine/client.js').Client} client @param {string} text */
function tooLong(client, text) {
  const most = client.limits?.text ?? Infinity;
  return text.length > most ? Math.max(0, [...text].length - most) : 0;
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
      <span class="what" dir="auto">${before.slice(0, 100)}</span>
      <button type="button" class="quiet" aria-label=${t('composer.noEdit')} onClick=${() => editing.set(room)}>
        <${Icon} name="close" />
      </button>
    </div>
  `;
}

/** @param {{room: import('../engine/room.js').Room, answered: import('./replying.js').Answered}} props */
function Replying({ room, answered }) {
  return html`
    <div class="replying">
      <span>${t('composer.replying', { name: answered.by })}</span>
      <span class="what" dir="auto">${answered.text.slice(0, 100)}</span>
      <button type="button" class="quiet" aria-label=${t('composer.noReply')} onClick=${() => replying.set(room)}>
        <${Icon} name="close" />
      </button>
    </div>
  `;
}
