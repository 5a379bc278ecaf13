/** Which message of a room the next one answers; kept over a reload. */

import { signal } from '@preact/signals';
import { answers, heir, keepAnswers } from '../../engine/drafts.js';

/** @typedef {import('../../engine/drafts.js').Answered} Answered */

/** @type {import('@preact/signals').Signal<Record<string, Answered | undefined>>} */
const chosen = signal(answers());

export const replying = {
  /** @param {{name: string}} room */
  of(room) {
    return chosen.value[room.name];
  },
  /** @param {{name: string}} room @param {Answered} [answered] none to answer nothing */
  set(room, answered) {
    chosen.value = { ...chosen.value, [room.name]: answered };
    keepAnswers(chosen.value);
  },
  /** A room has another name. @param {string} before @param {string} name */
  move(before, name) {
    const { [before]: answered, ...others } = chosen.value;
    if (answered !== undefined) replying.set({ name }, others[name] ?? answered);
    replying.set({ name: before });
  },
  /** The next person replies to nothing. */
  forget() {
    chosen.value = {};
    keepAnswers();
  },
};

heir.answers = (name, answered) => replying.set({ name }, answered);
