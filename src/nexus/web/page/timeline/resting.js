/** A finger that rests on something, where a mouse would hover: its end is no tap then. */

/** Milliseconds that it rests, and pixels that it may move meanwhile. */
const HOLD = 500;
const STILL = 10;

const finger = { timer: 0, x: 0, y: 0, act: () => {}, acted: false };

for (const next of ['pointerdown', 'keydown']) addEventListener(next, release, true);

/** Do something if the finger rests from here on. @param {PointerEvent} event @param {() => void} act */
export function rest(event, act) {
  if (event.pointerType === 'mouse') return; // it hovers, and reads the title
  Object.assign(finger, { x: event.clientX, y: event.clientY, act, timer: window.setTimeout(acts, HOLD) });
}

function acts() {
  finger.timer = 0;
  finger.acted = true;
  addEventListener('click', swallow, true);
  finger.act();
}

/** What came to be under the finger is not meant. @param {Event} event */
function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
  release();
}

/** What happens from now on is no end of a rest. */
function release() {
  lift();
  finger.acted = false;
  removeEventListener('click', swallow, true);
}

/** The finger is gone. */
export function lift() {
  clearTimeout(finger.timer);
  finger.timer = 0;
}

/** It moves: to scroll, or to go elsewhere. @param {PointerEvent} event */
export function moves(event) {
  if (Math.hypot(event.clientX - finger.x, event.clientY - finger.y) > STILL) lift();
}

/** The browser wants to show its own menu for a finger that rests: ours is there instead. @param {Event} event */
export function insteadOfMenu(event) {
  if (finger.timer !== 0) {
    lift();
    acts();
  }
  if (finger.acted) event.preventDefault();
}
