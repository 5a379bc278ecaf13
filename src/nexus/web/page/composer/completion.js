/** What the word at the caret may become: `@` people, `#` rooms, `:` emoji, and at the beginning `/` commands. */

import { COMMANDS } from './commands.js';
import { t } from '../shell/language.js';

/** Suggestions at once. */
const MOST = 8;

/**
 * @typedef {object} Choice
 * @property {string} word what is put in its place
 * @property {string} shown what the list says
 * @property {string} [note] and beside it
 *
 * @typedef {object} Completion
 * @property {number} start of the word in the text
 * @property {number} end
 * @property {Choice[]} choices
 */

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */

/**
 * Each kind of word: how it begins (the last group is what is looked for), and what it may become.
 *
 * @type {[RegExp, (begun: string, client: Client, room: Room) => Choice[] | Promise<Choice[]>][]}
 */
const KINDS = [
  [/^(\/\w*)$/, (begun) => commands(begun)],
  [/^\/join\s+#?([^\s#]*)$/, (begun, client) => plain(matching(rooms(client), begun))],
  [/(?:^|\s)(@[^\s@#]*)$/, (begun, client, room) => plain(matching(people(client, room), begun.slice(1)), '@')],
  [/(?:^|\s)(#[^\s@#]*)$/, (begun, client) => plain(matching(rooms(client), begun.slice(1)), '#')],
  [/(?:^|\s)(:[\p{L}\d_+-]{2,}):?$/u, (begun) => emoji(begun.slice(1))],
];

/** What stands of the word after the caret: a choice takes its place too. */
const REST = /^[\p{L}\p{M}\p{N}_+-]+:?/u;

/**
 * Where there is something to choose from; a promise of it where that has to be loaded first.
 *
 * @param {string} text
 * @param {number} caret
 * @param {Client} client
 * @param {Room} room
 * @returns {Completion | null | Promise<Completion | null>}
 */
export function completionAt(text, caret, client, room) {
  const before = text.slice(0, caret);
  for (const [sign, choose] of KINDS) {
    const found = sign.exec(before);
    if (found === null) continue;
    const choices = choose(found[1], client, room);
    const start = before.lastIndexOf(found[1]);
    const end = caret + (REST.exec(text.slice(caret))?.[0].length ?? 0);
    const offered = (/** @type {Choice[]} */ some) => (some.length > 0 ? { start, end, choices: some } : null);
    return choices instanceof Promise ? choices.then(offered) : offered(choices);
  }
  return null;
}

/** @param {string[]} names @param {string} [sign] @returns {Choice[]} */
function plain(names, sign = '') {
  return names.map((name) => ({ word: sign + name, shown: sign + name }));
}

/** @param {string} begun @returns {Choice[]} */
function commands(begun) {
  return COMMANDS.filter(({ name }) => `/${name}`.startsWith(begun.toLowerCase())).map(({ name, takes, what }) => ({
    word: `/${name}`,
    shown: takes === undefined ? `/${name}` : `/${name} ${t(takes)}`,
    note: t(what),
  }));
}

/** @param {string} begun @returns {Promise<Choice[]>} */
async function emoji(begun) {
  const { findEmoji } = await import('../dialogs/emoji.js');
  return findEmoji(begun).slice(0, MOST).map((one) => ({ word: one.emoji, shown: `${one.emoji} ${one.name}` }));
}

/** Who spoke last comes first, then who is here. @param {Client} client @param {Room} room */
function people(client, room) {
  const authors = room.view.events.filter((event) => event.type === 'posted').map((event) => event.by).reverse();
  const names = new Set([...authors, ...[...room.view.here].sort((a, b) => a.localeCompare(b))]);
  names.delete(client.name);
  return [...names, 'here'];
}

/** @param {Client} client */
function rooms(client) {
  return [...new Set([...client.rooms.all, ...client.rooms.listed].map((room) => room.name))];
}

/**
 * The one that is called so, then those that begin so, then those that hold it.
 *
 * @param {string[]} names @param {string} begun @param {number} [most]
 */
export function matching(names, begun, most = MOST) {
  const searched = begun.toLocaleLowerCase();
  const low = names.map((name) => ({ name, low: name.toLocaleLowerCase() }));
  const exact = low.filter((one) => one.low === searched);
  const begins = low.filter((one) => one.low.startsWith(searched) && one.low !== searched);
  const holds = low.filter((one) => !one.low.startsWith(searched) && one.low.includes(searched));
  return [...exact, ...begins, ...holds].slice(0, most).map((one) => one.name);
}
