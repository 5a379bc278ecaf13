/** The address: `/r/garden` is a room, `/r/garden/123` a message in it. */

import { signal } from '@preact/signals';

import { base } from '../../engine/prefix.js';
import { meta } from './meta.js';

/**
 * A room, or a message in it; `chosen`: by the person rather than by the author of a link.
 *
 * @typedef {{room: string, seq?: number, chosen?: boolean}} Place
 */

/** The address below the base. @param {string} pathname */
export function path(pathname = location.pathname) {
  return pathname === base || pathname.startsWith(`${base}/`) ? pathname.slice(base.length) || '/' : pathname;
}

/** What an address shows; null where that is nothing of ours. @param {string} pathname @returns {Place | null} */
export function read(pathname) {
  const found = /^\/r\/([^/]+)(?:\/(\d+))?\/?$/.exec(path(pathname));
  if (found === null) return null;
  try {
    return { room: decodeURIComponent(found[1]), seq: found[2] === undefined ? undefined : Number(found[2]) };
  } catch {
    return null; // not an address that we made
  }
}

/** Whether a page of another site led here; where a browser does not say so, it may say which one. */
const led = meta('arrived') !== '' || (document.referrer !== '' && new URL(document.referrer).origin !== location.origin);

/** Where the address says, which the person chose unless another site led here. */
function here(chosen = true) {
  const found = read(location.pathname);
  return found && { ...found, chosen };
}

/** @type {import('@preact/signals').Signal<Place | null>} */
export const place = signal(here(!led));

addEventListener('popstate', () => {
  place.value = here();
});

/** @param {string} room @param {number} [seq] */
export function addressOf(room, seq) {
  const address = `${base}/r/${encodeURIComponent(room)}`;
  return seq === undefined ? address : `${address}/${seq}`;
}

/** Go to a room, or to one of its messages. @param {string} room @param {number} [seq] */
export function goTo(room, seq, chosen = true) {
  const address = addressOf(room, seq);
  if (address !== location.pathname) history.pushState(null, '', address);
  place.value = { room, seq, chosen };
}

/** Someone who says who they are, at an address, chooses the room that it names. */
export function welcomed() {
  if (place.value !== null) place.value = { ...place.value, chosen: true };
}

/** The room has another spelling than the address: correct it quietly. @param {string} room @param {number} [seq] */
export function correct(room, seq) {
  history.replaceState(null, '', addressOf(room, seq));
  place.value = { room, seq, chosen: true };
}

/** Links to our own rooms do not load the page again. */
export function followLinks() {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const found = link.origin === location.origin ? read(link.pathname) : null;
    if (found === null) return;
    event.preventDefault();
    goTo(found.room, found.seq, false);
  });
}
