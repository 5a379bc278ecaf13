/** One draw per animation frame, however many frames of the wire come: what changed is told once, then. */

import { batch, signal } from '@preact/signals-core';

/** Milliseconds after which is drawn although there was no frame: the page may be covered or hidden. */
const LATEST = 200;

/** @type {Set<Topic>} */
const changed = new Set();
let frame = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let latest;

/** Something that the page shows; a component that reads `watch` while drawing is drawn again after `changed`. */
export class Topic {
  #version = signal(0);

  /** Read it in a component (or an effect) to be drawn again. */
  get watch() {
    return this.#version.value;
  }

  /** It is not what it was; the page shows it with the next frame. */
  changed() {
    changed.add(this);
    if (latest !== undefined) return;
    frame = requestAnimationFrame(flush);
    latest = setTimeout(flush, LATEST);
  }

  /** @internal */
  tell() {
    this.#version.value += 1;
  }
}

function flush() {
  cancelAnimationFrame(frame);
  clearTimeout(latest);
  latest = undefined;
  const topics = [...changed];
  changed.clear();
  batch(() => topics.forEach((topic) => topic.tell()));
}
