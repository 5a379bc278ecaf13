/** The address: `/r/garden` is a room, `/r/garden/123` a message in it. */

import { signal } from '@preact/signals';

/** @typedef {{room: string, seq?: number}} Place */

/** What an address shows; null where that is nothing of ours. @param {string} path @returns {Place | null} */
export function read(path) {
  const found = /^\/r\/([^/]+)(?:\/(\d+))?\/?$/.exec(path);
  if (found === null) return null;
  try {
    return { room: decodeURIComponent(found[1]), seq: found[2] === undefined ? undefined : Number(found[2]) };
  } catch {
    return null; // not an address that we made
  }
}

/** @type {import('@preact/signals').Signal<Place | null>} */
export const place = signal(read(location.pathname));

addEventListener('popstate', () => {
  place.value = read(location.pathname);
});

/** @param {string} room @param {number} [seq] */
export function addressOf(room, seq) {
  const path = `/r/${encodeURIComponent(room)}`;
  return seq === undefined ? path : `${path}/${seq}`;
}

/** Go to a room, or to one of its messages. @param {string} room @param {number} [seq] */
export function goTo(room, seq) {
  const path = addressOf(room, seq);
  if (path !== location.pathname) history.pushState(null, '', path);
  place.value = { room, seq };
}

/** The room has another spelling than the address: correct it quietly. @param {string} room @param {number} [seq] */
export function correct(room, seq) {
  history.replaceState(null, '', addressOf(room, seq));
  place.value = { room, seq };
}

/** Links to our own rooms do not load the page again. */
export function followLinks() {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const found = link.origin === location.origin ? read(link.pathname) : null;
    if (found === null) return;
    event.preventDefault();
    goTo(found.room, found.seq);
  });
}
