/** Which keys are for the page, and which for an input method or a layout. */

/**
 * Whether a key is part of composing a character, such as choosing among kanji. Safari ends the composition before it
 * reports the Enter that ended it, under the code 229.
 *
 * @param {KeyboardEvent} event
 */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

/**
 * The letter by which a key is known: where its layout writes another alphabet, the Latin one of the same key, as the
 * browser's own shortcuts have it.
 *
 * @param {KeyboardEvent} event
 */
export function letterOf({ key, code }) {
  const foreign = /^\p{L}$/u.test(key) && !/\p{sc=Latin}/u.test(key);
  return (foreign ? /^Key([A-Z])$/.exec(code)?.[1] ?? key : key).toLowerCase();
}
