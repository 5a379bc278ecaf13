/** The words of a search, to point them out in what was found. */

/** What narrows a search and is no word of it. */
const FILTER = /(?:^|\s)-?(?:from|in|before|after|has):(?:"[^"]*"|\S*)/giu;

/** What begins with a letter of a script that has blanks between its words; other words may stand beside anything. */
const SPACED = /^(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Lao}\p{sc=Mymr}\p{sc=Khmr}])[\p{L}\p{N}]/u;

/**
 * An expression that finds them, or null where nothing is to be pointed out.
 *
 * @param {string} query
 */
export function wordsIn(query) {
  const words = query.replace(FILTER, ' ').match(/"[^"]+"|[\p{L}\p{N}\p{M}+#$\u200d]+|[\p{So}\p{Sc}]/gu) ?? [];
  const plain = words.map((word) => word.replaceAll('"', '').trim()).filter(Boolean);
  if (plain.length === 0) return null;
  const either = plain.sort((a, b) => b.length - a.length).map((word) => {
    const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');
    return SPACED.test(word) ? `(?<![\\p{L}\\p{N}])${escaped}` : escaped;
  });
  return new RegExp(either.join('|'), 'giu');
}
