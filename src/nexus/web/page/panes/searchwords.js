/** The words of a search, to point them out in what was found. */

/** What narrows a search and is no word of it. */
const FILTER = /(?:^|\s)-?(?:from|in|before|after|has):(?:"[^"]*"|\S*)/giu;

/**
 * An expression that finds them, or null where nothing is to be pointed out.
 *
 * @param {string} query
 */
export function wordsIn(query) {
  const words = query.replace(FILTER, ' ').match(/"[^"]+"|[\p{L}\p{N}\p{M}_]+/gu) ?? [];
  const plain = words.map((word) => word.replaceAll('"', '').trim()).filter(Boolean);
  if (plain.length === 0) return null;
  const either = plain.sort((a, b) => b.length - a.length).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+'));
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${either.join('|')})`, 'giu');
}
