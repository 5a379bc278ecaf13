/** What the message box does with what is written and pressed. */

import { becomeEmoji, breakLine, mark, onceBecome, put } from './aids.js';
import { editing, editNewest, saveEdit } from './editing.js';
import { sends } from './entering.js';
import { replying } from './replying.js';
import { pressInSuggestions } from './suggestions.js';
import { words } from './words.js';
import { t } from '../shell/language.js';
import { isComposing } from '../shell/typing.js';
import { act } from '../timeline/actions.js';
import { walkIn } from '../timeline/walk.js';

/** Milliseconds between two notices that one types. */
const NOTICE = 3000;

/** @typedef {import('./completion.js').Completion} Completion */
/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */

/**
 * @typedef {object} Box what the message box shows, and how to change that
 * @property {Client} client
 * @property {Room} room
 * @property {import('./replying.js').Answered} [answered] what the message replies to
 * @property {import('./editing.js').Edited} [edited] the message that is being edited
 * @property {string} text
 * @property {(text: string) => void} setText
 * @property {Completion | null} completion
 * @property {(completion: Completion | null) => void} complete
 * @property {number} chosen
 * @property {(index: number) => void} choose
 * @property {{current: HTMLTextAreaElement | null}} area
 * @property {{current: number}} noticed when others were last told that one types
 */

/** The text is another now. @param {Box} box @param {string} now @param {number} [caret] */
export function change(box, now, caret) {
  const { client, room, edited, noticed } = box;
  box.setText(now);
  if (edited === undefined) room.draft = now;
  else editing.set(room, { ...edited, text: now });
  suggest(box, caret === undefined ? null : completionOf(now, caret, client, room), now);
  if (now !== '' && edited === undefined && Date.now() - noticed.current > NOTICE) {
    noticed.current = Date.now();
    client.ask('typing', { room: room.name }).catch(() => {});
  }
}

/** @param {string} now @param {number} caret @param {Client} client @param {Room} room */
function completionOf(now, caret, client, room) {
  const found = words();
  if (found instanceof Promise) return found.then(({ completionAt }) => completionAt(now, caret, client, room));
  return found.completionAt(now, caret, client, room);
}

/** Something was typed, pasted or taken back. @param {Box} box @param {InputEvent} event */
export function typed(box, event) {
  const area = /** @type {HTMLTextAreaElement} */ (event.target);
  change(box, area.value, area.selectionStart);
  if (event.inputType === 'insertText' && event.data === ':') becomeEmoji(area);
}

/** @param {Box} box @param {Completion | null | Promise<Completion | null>} found @param {string} of the text it is for */
function suggest({ area, complete, choose }, found, of) {
  const offer = (/** @type {Completion | null} */ some) => (complete(some), choose(some?.asTyped ? -1 : 0));
  if (found instanceof Promise) void found.then((later) => area.current?.value === of && offer(later)).catch(() => {});
  offer(found instanceof Promise ? null : found);
}

/** Send what is written: a message, an edit or a command. @param {Box} box */
export function send(box) {
  const { client, room, answered, edited, text, noticed } = box;
  if (edited !== undefined) return save(client, room, { ...edited, text });
  if (text.trim() === '' || tooLong(client, text) > 0) return;
  const found = text.startsWith('/') ? words() : undefined;
  if (found instanceof Promise) {
    const same = () => room.draft === text && editing.of(room) === undefined;
    return void found.then(() => same() && send(box), () => client.tell(t('error.offline')));
  }
  try {
    const line = found?.read(text, client, room) ?? { text };
    if ('run' in line) return void carryOut(box, line.run);
    if (!client.say(room, line.text, answered?.seq)) throw new Error(t('composer.tooMany'));
  } catch (why) {
    return client.tell(/** @type {Error} */ (why).message);
  }
  noticed.current = 0;
  replying.set(room);
  change(box, '');
  box.area.current?.focus();
}

/** A command; its line stays until it is done. @param {Box} box @param {() => unknown} run */
async function carryOut({ client, room, text }, run) {
  try {
    await run();
    if (room.draft === text) room.draft = '';
    room.drafted.changed();
  } catch (why) {
    client.tell(why instanceof Error && why.message ? why.message : t('error.offline'));
  }
}

/** Put a suggested word into the text. @param {Box} box @param {string} word */
export function take(box, word) {
  const { completion, area, text } = box;
  if (completion === null || area.current === null) return;
  const { start, end } = completion;
  const after = text[end] === ' ' ? end + 1 : end;
  put(area.current, /^[\p{P}\n]/u.test(text.slice(end)) ? word : `${word} `, start, after);
  box.complete(null);
}

/** @param {Box} box @param {KeyboardEvent} event */
export function press(box, event) {
  const { client, room, answered, edited, text, completion, complete, chosen, choose } = box;
  if (isComposing(event)) return;
  const handling = { chosen, choose, take: (/** @type {string} */ word) => take(box, word), close: () => complete(null) };
  if (completion !== null && pressInSuggestions(event, completion, text, handling)) return;
  if (event.key === 'Enter') {
    event.preventDefault();
    if (sends(event)) onceBecome(() => box.area.current?.form?.requestSubmit());
    else if (box.area.current !== null) breakLine(box.area.current);
  } else if (box.area.current !== null && mark(box.area.current, event)) {
    event.preventDefault();
  } else if (event.key === 'ArrowUp' && text === '') {
    if ((!event.shiftKey && edited === undefined && editNewest(client, room)) || walkIn()) event.preventDefault();
  } else if (event.key === 'Escape' && (edited ?? answered) !== undefined) {
    event.preventDefault();
    if (edited === undefined) replying.set(room);
    else editing.set(room);
  }
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

/** How many characters are too many. @param {import('../../engine/client.js').Client} client @param {string} text */
export function tooLong(client, text) {
  const most = client.limits?.text ?? Infinity;
  return text.length > most ? Math.max(0, [...text].length - most) : 0;
}
