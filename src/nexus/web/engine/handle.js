/** What someone is called here, of what they are called elsewhere: names have no blanks, so that they can be mentioned. */

/** Characters of a name, at most. */
const MOST = 32;

/** A name of its words, in their order; one that could be one as it is stays so. @param {string} typed */
export function handleOf(typed) {
  const name = typed.trim();
  if (!/\s/.test(name)) return name;
  const words = name.replace(/['’"“”„(),]/g, '').split(/\s+/).filter(Boolean);
  return [...words.join('-').replace(/\.+(?=-|$)/g, '').replace(/-{2,}/g, '-')].slice(0, MOST).join('').replace(/-+$/, '');
}
