/** Of which skin an emoji of hands or a person is, as one chose in this browser. */

import { signal } from '@preact/signals';
import { onChange, shared } from '../../engine/keep.js';

/** None, which is yellow, and from light to dark. */
export const TONES = ['', '\u{1f3fb}', '\u{1f3fc}', '\u{1f3fd}', '\u{1f3fe}', '\u{1f3ff}'];

/** @type {import('@preact/signals').Signal<string>} */
export const tone = signal(shared.get('tone', ''));

/** @param {string} chosen */
export function chooseTone(chosen) {
  shared.set('tone', chosen || undefined);
  tone.value = chosen;
}

onChange((name) => {
  if (name === 'tone') tone.value = shared.get('tone', '');
});

/** Who is several people in one sign, and has none. */
const FAMILY = '👪';

/** An emoji in the tone that one chose; where several people are in it, as it is. @param {string} emoji @param {string} [chosen] */
export function toned(emoji, chosen = tone.value) {
  if (chosen === '' || emoji === FAMILY || emoji.match(/\p{Emoji_Modifier_Base}/gu)?.length !== 1) return emoji;
  return emoji.replace(/(\p{Emoji_Modifier_Base})\ufe0f?/u, `$1${chosen}`);
}
