/** What the word at the caret may become: `@` people, `#` rooms, `:` emoji, and at the beginning `/` commands. */

import { COMMANDS } from './commands.js';
import { toned } from './tone.js';
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
 * @property {boolean} [asTyped] Enter is for the line as it stands: what is typed may be a name that nobody has yet
 */

/** @typedef {import('../../engine/client.js').Client} Client */
/** @typedef {import('../../engine/room.js').Room} Room */
/** @typedef {{begun: string, whole: string, client: Client, room: Room}} Word what stands before the caret of it, and all of it */

/**
 * Each kind of word: how it begins (the last group is what is looked for), and what it may become.
 *
 * @type {[RegExp, (word: Word) => Choice[] | Promise<Choice[]>][]}
 */
const KINDS = [
  [/^(\/\w*)$/, ({ begun }) => commands(begun)],
  [/^\/join\s+#?([^\s#]*)$/, ({ begun, whole, client }) => plain(matching(rooms(client), begun, whole))],
  [/(?:^|[\s([{"'“„«])(@[^\s@#]*)$/, (word) => people(word)],
  [/(?:^|[\s([{"'“„«])(#[^\s@#]*)$/, ({ begun, whole, client }) => plain(matching(rooms(client), begun.slice(1), whole.slice(1)), '#')],
  [/(?:^|[\s([{"'“„«])(:[\p{L}\d_+-]{2,}):?$/u, ({ begun, whole }) => emoji(begun.slice(1), whole.slice(1).replace(/:$/, ''))],
];
const JOIN = KINDS[1];

/** What stands of the word after the caret: a choice takes its place too. */
const REST = /^(?:[\p{L}\p{M}\p{N}_+-]|\.(?=[\p{L}\p{N}]))+:?/u;

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
  for (const kind of KINDS) {
    const found = kind[0].exec(before);
    if (found === null) continue;
    const start = before.lastIndexOf(found[1]);
    const end = caret + (REST.exec(text.slice(caret))?.[0].length ?? 0);
    const choices = kind[1]({ begun: found[1], whole: text.slice(start, end), client, room });
    const offered = (/** @type {Choice[]} */ some) => (some.length > 0 ? { start, end, choices: some, asTyped: kind === JOIN } : null);
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

/** @param {string} begun @param {string} whole @returns {Promise<Choice[]>} */
async function emoji(begun, whole) {
  const { emojiOf, findEmoji } = await import('../dialogs/emoji.js');
  const exact = emojiOf(whole);
  const found = findEmoji(begun).sort((a, b) => Number(b.emoji === exact) - Number(a.emoji === exact));
  return found.slice(0, MOST).map((one) => ({ word: toned(one.emoji), shown: `${toned(one.emoji)} ${one.name}` }));
}

/** At once where all of them are known, else once the server has told who belongs to the room. @param {Word} word */
function people({ begun, whole, client, room }) {
  const offer = () => plain(matching(named(client, room), begun.slice(1), whole.slice(1)), '@');
  const asked = membersOf(client, room);
  return asked instanceof Promise ? asked.then(offer) : offer();
}

/** Milliseconds for which one knows who belongs to a room. */
const FRESH = 60_000;

/** Who belongs to each room, whether here or not; asked for when one mentions somebody there. @type {WeakMap<Room, {names: string[], until: number}>} */
const members = new WeakMap();

/** @param {Client} client @param {Room} room */
function membersOf(client, room) {
  if ((members.get(room)?.until ?? 0) > Date.now() || !client.online) return undefined;
  const told = (/** @type {import('../../engine/types.js').MemberInfo[]} */ all) => void members.set(room, { names: all.map((one) => one.name), until: Date.now() + FRESH });
  return client.ask('who', { room: room.name }).then((done) => told(done.members ?? []), () => told([]));
}

/** Who spoke last comes first, then who is here, then who belongs to the room. @param {Client} client @param {Room} room */
function named(client, room) {
  const authors = room.view.events.filter((event) => event.type === 'posted').map((event) => event.by).reverse();
  const sorted = (/** @type {Iterable<string>} */ names) => [...names].sort((a, b) => a.localeCompare(b));
  const names = new Set([...authors, ...sorted(room.view.here), ...sorted(members.get(room)?.names ?? [])]);
  names.delete(client.name);
  return [...[...names].filter((name) => !name.includes(' ')), 'here']; // a former member has no name
}

/** @param {Client} client */
function rooms(client) {
  const open = [...client.rooms.all.map((room) => room.view.info), ...client.rooms.listed].filter(({ kind = 'open' }) => kind === 'open');
  return [...new Set(open.map(({ name }) => name))];
}

/**
 * The one that is called as the whole word, or what stands before the caret, then those that begin so, then those that hold it.
 *
 * @param {string[]} names @param {string} begun @param {string} [whole]
 */
export function matching(names, begun, whole = begun) {
  const [searched, word] = [begun.toLocaleLowerCase(), whole.toLocaleLowerCase()];
  const low = names.map((name) => ({ name, low: name.toLocaleLowerCase() }));
  const rank = (/** @type {string} */ one) => [one === word, one === searched, one.startsWith(searched), one.includes(searched)].indexOf(true);
  const found = low.filter((one) => rank(one.low) >= 0).sort((a, b) => rank(a.low) - rank(b.low));
  return found.slice(0, MOST).map((one) => one.name);
}
