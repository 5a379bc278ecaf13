/** What a word that begins with `@` or `#` may become: people and rooms. */

/** Suggestions at once. */
const MOST = 8;

/**
 * @typedef {object} Completion
 * @property {number} start of the word in the text
 * @property {number} end
 * @property {string[]} words what it may become
 */

/**
 * @param {string} text
 * @param {number} caret
 * @param {import('../engine/client.js').Client} client
 * @param {import('../engine/room.js').Room} room
 * @returns {Completion | null}
 */
export function completionAt(text, caret, client, room) {
  const found = /(?:^|\s)([@#])([^\s@#]*)$/.exec(text.slice(0, caret));
  if (found === null) return null;
  const [, sign, begun] = found;
  const names = sign === '@' ? people(client, room) : rooms(client);
  const words = matching(names, begun).map((name) => sign + name);
  return words.length > 0 ? { start: caret - begun.length - 1, end: caret, words } : null;
}

/** Who spoke last comes first, then who is here. @param {import('../engine/client.js').Client} client @param {import('../engine/room.js').Room} room */
function people(client, room) {
  const authors = room.view.events.filter((event) => event.type === 'posted').map((event) => event.by).reverse();
  const names = new Set([...authors, ...[...room.view.here].sort((a, b) => a.localeCompare(b))]);
  names.delete(client.name);
  return [...names];
}

/** @param {import('../engine/client.js').Client} client */
function rooms(client) {
  return [...new Set([...client.rooms.all, ...client.rooms.listed].map((room) => room.name))];
}

/**
 * Those that begin so, then those that hold it.
 *
 * @param {string[]} names @param {string} begun
 */
export function matching(names, begun) {
  const sought = begun.toLocaleLowerCase();
  const low = names.map((name) => ({ name, low: name.toLocaleLowerCase() }));
  const begins = low.filter((one) => one.low.startsWith(sought));
  const holds = low.filter((one) => !one.low.startsWith(sought) && one.low.includes(sought));
  return [...begins, ...holds].slice(0, MOST).map((one) => one.name);
}
