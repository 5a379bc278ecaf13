/** The few places that other parts of the page give the focus to; the component that draws one names it. */

/** @typedef {'composer' | 'search' | 'log'} Place */

/** @type {Map<Place, HTMLElement>} */
const places = new Map();

/** The element is that place until the returned function is called. @param {Place} name @param {HTMLElement | null} element */
export function place(name, element) {
  if (element !== null) places.set(name, element);
  return () => {
    if (places.get(name) === element) places.delete(name);
  };
}

/** @param {Place} name */
export function placeOf(name) {
  return places.get(name);
}

/** @param {Place} name */
export function focusOn(name) {
  places.get(name)?.focus();
}
