/** The emoji there are: in groups, by their names, and by what people look for. This is loaded when it is first needed. */

import TABLE from 'emoji';

/** @typedef {'smileys' | 'people' | 'nature' | 'food' | 'travel' | 'doing' | 'things' | 'signs' | 'flags'} GroupName */
/** @typedef {{emoji: string, name: string, codes: string[], words: string[]}} Emoji `codes` stand for it between colons */

/** All of them, by group. @type {[GroupName, Emoji[]][]} */
export const GROUPS = [];

for (const line of TABLE.trim().split('\n')) {
  if (line.startsWith('# ')) GROUPS.push([/** @type {GroupName} */ (line.slice(2)), []]);
  else GROUPS[GROUPS.length - 1][1].push(read(line));
}

/** All of them in one list. */
export const ALL = GROUPS.flatMap(([, found]) => found);

/** Each by what stands for it between colons; the first that claims a name has it. @type {Map<string, string>} */
const CODES = new Map();
for (const { codes, emoji } of ALL) for (const code of codes) if (!CODES.has(code)) CODES.set(code, emoji);

/** @param {string} line as the table has it: the emoji, its name, names between colons, further words @returns {Emoji} */
function read(line) {
  const space = line.indexOf(' ');
  const [name, codes, others] = line.slice(space + 1).split(',');
  const called = [...codes.split(' ').filter(Boolean), name.toLowerCase().replaceAll(' ', '_')];
  const words = [...name.toLowerCase().split(/[\s:]+/), ...called, ...called.flatMap((code) => code.split('_')), ...others.split(' ')];
  return { emoji: line.slice(0, space), name, codes: called, words: [...new Set(words)].filter(Boolean) };
}

/**
 * Those of which some word begins with each of the words searched; what is called so comes first, then what begins so.
 *
 * @param {string} searched
 */
export function findEmoji(searched) {
  const begins = searched.toLocaleLowerCase().split(/[\s_]+/).filter(Boolean);
  const whole = begins.join('_');
  const found = ALL.filter(({ words, emoji }) => emoji === searched.trim() || begins.every((begun) => words.some((word) => word.startsWith(begun))));
  const rank = (/** @type {Emoji} */ { codes }) => (CODES.get(whole) !== undefined && codes.includes(whole) ? 0 : codes.some((code) => code.startsWith(whole)) ? 1 : 2);
  return found.map((one) => ({ one, rank: rank(one) })).sort((a, b) => a.rank - b.rank).map(({ one }) => one);
}

/** What an emoji is called; empty where it is none of these. @param {string} emoji */
export function nameOf(emoji) {
  return ALL.find((one) => one.emoji === emoji)?.name ?? '';
}

/** The emoji that a name between colons stands for. @param {string} code */
export function emojiOf(code) {
  return CODES.get(code.toLowerCase());
}
