/** Lists that are one stop of Tab: arrow keys go through them, and Tab comes back to where one was. */

const CONTROLS = 'a[href], button, pre, [tabindex]';

/**
 * Of a message only while it has the focus; but code that is wider than the window can be scrolled by keyboard at any time.
 * Its author and its time are said by its name, and are never stops.
 *
 * @param {HTMLElement} row
 */
export function stopsOf(row) {
  const inside = row.contains(document.activeElement);
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (row.querySelectorAll(CONTROLS))) {
    const reachable = inside || (one.tagName === 'PRE' && one.scrollWidth > one.clientWidth);
    if (!one.matches('.by, .time')) one.tabIndex = reachable ? 0 : -1;
  }
}

/** @param {HTMLElement} list @param {string} selector of its items @returns {HTMLElement[]} */
function itemsOf(list, selector) {
  return [...list.querySelectorAll(selector)].filter((one) => one instanceof HTMLElement);
}

/** One item is the stop: the one with the focus, where one was, what is chosen, or the first. @param {HTMLElement | null} list @param {string} selector */
export function settleStop(list, selector) {
  if (list === null) return;
  const items = itemsOf(list, selector);
  const known = (/** @type {(one: HTMLElement) => boolean} */ is) => items.find(is);
  const stop = known((one) => one === document.activeElement) ?? known((one) => one.ariaCurrent !== null) ?? known((one) => one.dataset.stop === '') ?? items[0];
  for (const one of items) {
    one.tabIndex = one === stop ? 0 : -1;
    if (one === stop) one.dataset.stop = '';
    else delete one.dataset.stop;
  }
}

/**
 * Up and down go from item to item, left and right to a button beside one and back.
 *
 * @param {KeyboardEvent} event @param {string} selector
 */
export function rove(event, selector) {
  const list = /** @type {HTMLElement} */ (event.currentTarget);
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return;
  const items = itemsOf(list, selector);
  const beside = event.target.closest('li');
  const at = items.findIndex((one) => one.closest('li') === beside);
  if (beside === null || at < 0) return;
  const steps = /** @type {Record<string, number>} */ ({ ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 });
  const sideways = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
  const other = event.target === items[at] ? beside.querySelector('.more') : items[at];
  const goal = sideways ? other : items[steps[event.key] ?? -1];
  if (!sideways && !(event.key in steps)) return;
  event.preventDefault();
  if (!(goal instanceof HTMLElement)) return;
  goal.focus();
  settleStop(list, selector);
}
