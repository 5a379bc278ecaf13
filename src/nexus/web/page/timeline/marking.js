/** Marks in the text of a message: the words that were searched, and the people who are mentioned. */

/** Scripts without a blank between a name and the words beside it, as the server has them. */
const UNSPACED = '[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Hang}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Mymr}\\p{sc=Khmr}]';
const BESIDE = `(?!${UNSPACED})[\\p{L}\\p{N}_]`;

/** Mark what was searched. @param {HTMLElement} box @param {RegExp} words global */
export function markWords(box, words) {
  for (const text of textsIn(box)) wrap(text, words, () => document.createElement('mark'));
}

/**
 * Mark mentions, except in code.
 *
 * @param {HTMLElement} box @param {string[]} names who is mentioned @param {string} you empty where it is one's own message
 */
export function markPeople(box, names, you) {
  const either = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).sort((a, b) => b.length - a.length);
  const pattern = new RegExp(`(?<!${BESIDE})@(?:${either.join('|')})(?!${BESIDE})`, 'giu');
  const own = new Set(you === '' ? [] : [`@${you}`.toLocaleLowerCase(), '@here']);
  for (const text of textsIn(box)) {
    if (text.parentElement?.closest('code')) continue;
    wrap(text, pattern, (found) => {
      const marked = document.createElement('span');
      marked.className = own.has(found.toLocaleLowerCase()) ? 'mention own' : 'mention';
      return marked;
    });
  }
}

/** @param {HTMLElement} box */
function textsIn(box) {
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const texts = [];
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  return texts;
}

/** Put an element around each match. @param {Text} text @param {RegExp} pattern @param {(found: string) => HTMLElement} make */
function wrap(text, pattern, make) {
  const found = [...text.data.matchAll(pattern)].filter(([whole]) => whole !== '');
  for (const { 0: whole, index } of found.reverse()) {
    const after = text.splitText(index);
    after.splitText(whole.length);
    const marked = make(whole);
    after.replaceWith(marked);
    marked.append(after);
  }
}
