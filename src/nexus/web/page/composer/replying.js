/** Which message of a room the next one answers. */

import { signal } from '@preact/signals';

/** @typedef {{seq: number, by: string, text: string}} Answered */

/** @type {import('@preact/signals').Signal<Record<string, Answered | undefined>>} */
const chosen = signal({});

export const replying = {
  /** @param {{name: string}} room */
  of(room) {
    return chosen.value[room.name];
  },
  /** @param {{name: string}} room @param {Answered} [answered] none to answer nothing */
  set(room, answered) {
    chosen.value = { ...chosen.value, [room.name]: answered };
  },
};
