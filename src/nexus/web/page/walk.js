/** Arrow keys go from message to message, of those that are stored; single keys do something with the one they are on. */

/** What each key does: the toolbar's buttons, which are there for the message that has the focus. @type {Record<string, string>} */
const DEEDS = { r: 'reply', e: 'edit', '+': 'react', p: 'pin', c: 'link', Delete: 'delete' };

/** @param {KeyboardEvent} event */
export function walk(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const log = /** @type {HTMLElement} */ (event.currentTarget);
  const target = /** @type {HTMLElement} */ (event.target);
  const rows = /** @type {HTMLElement[]} */ ([...log.querySelectorAll('article[data-seq]')]);
  const at = rows.findIndex((row) => row.contains(target));
  if (event.key === 'ArrowUp') step(event, rows[at < 0 ? rows.length - 1 : at - 1]);
  else if (event.key === 'ArrowDown' && at === rows.length - 1) leave(event);
  else if (event.key === 'ArrowDown') step(event, rows[at + 1]);
  else if (event.key in DEEDS && at >= 0) press(event, rows[at]);
}

/** Go to the newest message from the box to write in. */
export function walkIn() {
  const rows = document.querySelectorAll('[role=log] article[data-seq]');
  const last = rows[rows.length - 1];
  if (last instanceof HTMLElement) last.focus();
  return last !== undefined;
}

/** @param {KeyboardEvent} event @param {HTMLElement | undefined} row */
function step(event, row) {
  event.preventDefault();
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: 'nearest' });
}

/** @param {KeyboardEvent} event */
function leave(event) {
  event.preventDefault();
  document.getElementById('composer')?.focus();
}

/** Only where one came by keys: who clicked on a message and types on means the message box. @param {KeyboardEvent} event @param {HTMLElement} row */
function press(event, row) {
  if (!document.activeElement?.matches(':focus-visible')) return;
  event.preventDefault();
  const button = row.querySelector(`[data-deed=${DEEDS[event.key]}]`);
  if (button instanceof HTMLElement) button.click();
}
