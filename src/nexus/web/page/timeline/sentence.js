/** What someone said, as a sentence: `/me waves` by Ann is "Ann waves". The wire keeps it as it was written. */

/** What a text says its author does; undefined where it is a plain message, or nothing would be seen of it. @param {string} text */
export function doing(text) {
  const does = /^\/me\s+(\S[\s\S]*)$/.exec(text)?.[1];
  return does === undefined || UNSEEN.test(does) ? undefined : does;
}

/** A text that shows as nothing, whatever it is made of. */
export const UNSEEN = /^[\s\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** What a text says, where its author stands before it anyway. @param {string} text */
export function plain(text) {
  return doing(text) ?? text;
}
