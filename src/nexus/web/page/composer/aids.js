/** What the message box does for the writer: names become emoji, keys set marks, lists go on. All of it can be undone. */

import { letterOf } from '../shell/typing.js';
import { toned } from './tone.js';

/** @typedef {HTMLTextAreaElement} Area */

/** A name between colons that was just ended. */
const NAMED = /(?:^|[\s([])(:[\p{L}\d_+-]+:)$/u;

/** What begins an item of a list, or a line that is quoted. */
const ITEM = /^(\s*)(?:([-*+>])|(\d{1,9})([.)]))(\s+)(\[[ xX]\]\s+)?(.*)$/;

/** The keys that mark what is chosen, each with what stands at both ends of it. @type {Record<string, string>} */
const MARKS = { b: '**', i: '*', e: '`' };

/** As if it were typed, so that it can be undone. @param {Area} area @param {string} text @param {number} start @param {number} end */
export function put(area, text, start, end) {
  area.focus();
  area.setSelectionRange(start, end);
  if (text === '') document.execCommand('delete');
  else document.execCommand('insertText', false, text);
}

/** Whether what follows a text is code. @param {string} before */
function inCode(before) {
  return (before.match(/`/g)?.length ?? 0) % 2 === 1;
}

/** What waits for the table of emoji, where something does. @type {Promise<void> | null} */
let coming = null;

/** Carry something out once names that were typed are emoji: someone who presses Enter at once means that too. @param {() => void} then */
export function onceBecome(then) {
  if (coming === null) then();
  else void coming.finally(() => setTimeout(then));
}

/** The `:name:` that ends here becomes its emoji, once the table is there. @param {Area} area */
export function becomeEmoji(area) {
  const mine = become(area).catch(() => {}).finally(() => (coming = coming === mine ? null : coming));
  coming = mine;
}

/** @param {Area} area */
async function become(area) {
  const one = { before: area.value.slice(0, area.selectionStart) };
  const name = NAMED.exec(one.before)?.[1];
  if (name === undefined || inCode(one.before)) return;
  ended.add(one);
  const { emojiOf } = await import('../dialogs/emoji.js').finally(() => ended.delete(one));
  const emoji = emojiOf(name.slice(1, -1));
  if (emoji !== undefined && area.value.startsWith(one.before)) replace(area, one.before, name, toned(emoji));
}

/** Names that wait for the table: what stands before one, which changes as those before it become emoji. @type {Set<{before: string}>} */
const ended = new Set();

/** What a text ends with becomes an emoji; the caret stays where one has typed on meanwhile. @param {Area} area @param {string} before @param {string} name @param {string} emoji */
function replace(area, before, name, emoji) {
  const { selectionStart: start, selectionEnd: end } = area;
  const moved = (/** @type {number} */ caret) => (caret >= before.length ? caret + emoji.length - name.length : caret);
  const now = before.slice(0, -name.length) + emoji;
  put(area, emoji, before.length - name.length, before.length);
  area.setSelectionRange(moved(start), moved(end));
  for (const later of ended) if (later.before.startsWith(before)) later.before = now + later.before.slice(before.length);
}

/** Set a mark around what is chosen, or take it away; false where the key is for no mark. @param {Area} area @param {KeyboardEvent} event */
export function mark(area, event) {
  const held = /Mac|iPhone|iPad/.test(navigator.platform) ? event.metaKey : event.ctrlKey;
  const sign = held && !event.altKey && !event.shiftKey ? MARKS[letterOf(event)] : undefined;
  if (sign === undefined) return false;
  const { value, selectionStart: start, selectionEnd: end } = area;
  const long = sign.length;
  const chosen = value.slice(start, end);
  if (start === end && ends(value, start, sign)) { // what one wrote between the marks is done: go on behind them
    area.setSelectionRange(start + long, start + long);
    return true;
  }
  const around = value.slice(start - long, start) === sign && value.slice(end, end + long) === sign;
  if (around && !(sign === '*' && value.slice(start - 2, start) === '**')) put(area, chosen, start - long, end + long);
  else put(area, `${sign}${chosen}${sign}`, start, end);
  const moved = around && area.value.length < value.length ? start - long : start + long;
  area.setSelectionRange(moved, moved + chosen.length);
  return true;
}

/** Whether the caret stands at the end of what is marked so, with something in it. @param {string} value @param {number} caret @param {string} sign */
function ends(value, caret, sign) {
  const before = value.slice(value.lastIndexOf('\n', caret - 1) + 1, caret);
  const more = value[caret + sign.length] === '*' && sign === '*'; // it is the half of another mark
  return value.startsWith(sign, caret) && !more && before.split(sign).length % 2 === 0 && !before.endsWith(sign);
}

/** Begin a line; in a list that is its next item, and after an empty item the end of the list. @param {Area} area */
export function breakLine(area) {
  const { value, selectionStart: start, selectionEnd: end } = area;
  const begins = value.lastIndexOf('\n', start - 1) + 1;
  const found = inCode(value.slice(0, start)) ? null : ITEM.exec(value.slice(begins, start));
  if (found === null) put(area, '\n', start, end);
  else if (found[7] === '' && start === end) put(area, '', begins, end);
  else put(area, `\n${found[1]}${found[2] ?? `${Number(found[3]) + 1}${found[4]}`}${found[5]}${found[6] === undefined ? '' : '[ ] '}`, start, end);
}
