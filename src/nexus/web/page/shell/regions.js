/** F6 goes from one part of the page to the next, as between the panes of a window: rooms, messages, the box, what is beside. */

const INSIDE = 'a[href], button:not([disabled]), input:not([disabled]), [tabindex="0"]';

/** @param {HTMLElement} page @param {boolean} back */
export function nextRegion(page, back) {
  const parts = [...page.querySelectorAll('nav, [role=log], form.composer textarea, aside')].filter(seen);
  const at = parts.findIndex((part) => part.contains(document.activeElement));
  const next = parts[(at + (back ? -1 : 1) + (at < 0 && back ? 1 : 0) + parts.length) % parts.length];
  const goal = next?.matches('nav, aside') ? next.querySelector('[aria-current]') ?? next.querySelector(INSIDE) : next;
  if (goal instanceof HTMLElement) goal.focus();
}

/** @param {Element} part */
function seen(part) {
  return part.getClientRects().length > 0 && getComputedStyle(part).visibility !== 'hidden';
}
