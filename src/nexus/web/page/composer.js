/** The box to write in. */

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { completionAt } from './completion.js';
import { Icon } from './icons.js';
import { replying } from './replying.js';
import { t } from './words.js';
import { TypingLine } from './typing.js';
import { walkIn } from './walk.js';
import { html } from './html.js';

/** Milliseconds between two notices that one types. */
const NOTICE = 3000;

/** @typedef {import('./completion.js').Completion} Completion */

/**
 * @param {{client: import('../engine/client.js').Client, room: import('../engine/room.js').Room,
 *   replying?: import('./replying.js').Answered}} props
 */
export function Composer({ client, room, replying: answered }) {
  room.drafted.watch;
  const [text, setText] = useState(room.draft);
  const [completion, complete] = useState(/** @type {Completion | null} */ (null));
  const [chosen, choose] = useState(0);
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const noticed = useRef(0);
  useEffect(() => setText(room.draft), [room.drafted.watch]);
  useEffect(() => {
    if (matchMedia('(hover: hover)').matches) box.current?.focus(); // a phone's keyboard stays away until asked for
  }, [room]);
  useLayoutEffect(() => grow(box.current), [text]);

  /** @param {string} now @param {number} [caret] */
  const change = (now, caret) => {
    setText(now);
    room.draft = now;
    complete(caret === undefined ? null : completionAt(now, caret, client, room));
    choose(0);
    if (now !== '' && Date.now() - noticed.current > NOTICE) {
      noticed.current = Date.now();
      client.ask('typing', { room: room.name }).catch(() => {});
    }
  };
  const send = () => {
    if (text.trim() === '' || tooLong(client, text) > 0) return;
    if (!client.say(room, text, answered?.seq)) {
      client.tell(t('composer.tooMany'));
      return;
    }
    noticed.current = 0;
    replying.set(room);
    change('');
    box.current?.focus();
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
    if (completion !== null && pressInCompletion(event, completion, chosen, choose, take, () => complete(null))) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'ArrowUp' && text === '') {
      if (walkIn()) event.preventDefault();
    } else if (event.key === 'Escape' && answered !== undefined) {
      event.preventDefault();
      replying.set(room);
    }
  };
  const over = tooLong(client, text);
  return html`
    <form class="composer" onSubmit=${(/** @type {Event} */ event) => (event.preventDefault(), send())}>
      <${TypingLine} room=${room} />
      ${answered !== undefined && html`<${Replying} room=${room} answered=${answered} />`}
      ${completion !== null && html`<${Suggestions} words=${completion.words} chosen=${chosen} take=${take} />`}
      <div class="field">
        <textarea
          id="composer" ref=${box} rows="1" dir="auto" value=${text} enterkeyhint="send"
          aria-label=${t('composer.label', { room: room.name })} placeholder=${t('composer.hint', { room: `#${room.name}` })}
          aria-autocomplete="list" aria-haspopup="listbox" aria-controls=${completion === null ? undefined : 'suggestions'}
          aria-activedescendant=${completion === null ? undefined : `suggestion-${chosen}`}
          onInput=${(/** @type {any} */ event) => change(event.target.value, event.target.selectionStart)}
          onKeyDown=${press} onBlur=${() => complete(null)}
        ></textarea>
        <button class="send" aria-label=${t('composer.send')} disabled=${text.trim() === '' || over > 0}><${Icon} name="send" /></button>
      </div>
      ${over > 0 && html`<p class="over" role="alert">${t('composer.tooLong', { count: over })}</p>`}
    </form>
  `;
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

/**
 * @param {KeyboardEvent} event @param {Completion} completion @param {number} chosen
 * @param {(index: number) => void} choose @param {(word: string) => void} take @param {() => void} close
 * @returns {boolean} whether the key was for the suggestions
 */
function pressInCompletion(event, { words }, chosen, choose, take, close) {
  if (event.key === 'ArrowDown') choose((chosen + 1) % words.length);
  else if (event.key === 'ArrowUp') choose((chosen + words.length - 1) % words.length);
  else if (event.key === 'Tab' || (event.key === 'Enter' && !event.shiftKey)) take(words[chosen]);
  else if (event.key === 'Escape') close();
  else return false;
  event.preventDefault();
  return true;
}

/** @param {{words: string[], chosen: number, take: (word: string) => void}} props */
function Suggestions({ words, chosen, take }) {
  return html`
    <ul class="suggestions" id="suggestions" role="listbox" aria-label=${t('composer.suggestions')}>
      ${words.map((word, index) => html`
        <li
          id=${`suggestion-${index}`} role="option" aria-selected=${index === chosen} dir="auto"
          onMouseDown=${(/** @type {Event} */ event) => (event.preventDefault(), take(word))}
        >${word}</li>
      `)}
    </ul>
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
