/** Which message of a room the next one answers; kept over a reload. */

import { signal } from '@preact/signals';
import { ofTab } from '../../engine/keep.js';

/** @typedef {{seq: number, by: string, text: string}} Answered */

/** @type {import('@preact/signals').Signal<Record<string, Answered | undefined>>} */
const chosen = signal(ofTab.get('replying', {}));

export const replying = {
  /** @param {{name: string}} room */
  of(room) {
    return chosen.value[room.name];
  },
  /** @param {{name: string}} room @param {Answered} [answered] none to answer nothing */
  set(room, answered) {
    chosen.value = { ...chosen.value, [room.name]: answered };
    ofTab.set('replying', chosen.value);
  },
  /** A room has another name. @param {string} before @param {string} name */
  move(before, name) {
    const { [before]: answered, ...others } = chosen.value;
    if (answered !== undefined) replying.set({ name }, others[name] ?? answered);
    replying.set({ name: before });
  },
  /** Whoever comes next answers nothing. */
  forget() {
    chosen.value = {};
    ofTab.set('replying', undefined);
  },
};
