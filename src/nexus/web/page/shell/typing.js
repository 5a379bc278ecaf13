/** Telling keys that are for the page from those that are for an input method. */

/**
 * Whether a key is part of composing a character, such as choosing among kanji. Safari ends the composition before it
 * reports the Enter that ended it, under the code 229.
 *
 * @param {KeyboardEvent} event
 */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}
