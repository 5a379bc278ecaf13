/**
 * Who one is, kept in the browser: leaving and coming back keeps you who you were.
 *
 * What proves it (a guest's session, which all tabs share, or an account's token) lies in a cookie that no script can
 * read. It is in the page's storage only until the server has set that cookie, or where there are no cookies.
 */

import { base } from './prefix.js';
import { shared } from './keep.js';
import { dropAll } from './recent.js';

/** @typedef {import('./conversation.js').Identity} Identity */

const KEEP = `${base}/api/keep`;

/** What the cookie has, as far as this page knows it. @type {string | undefined} */
let handedOver;

/** Somebody new. @returns {Identity} */
export function fresh() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return { id: [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''), name: '', guest: true };
}

/** Who one was; null where that is not known. @returns {Identity | null} */
export function load() {
  const me = shared.get('me', /** @type {Identity | null} */ (null));
  if (me === null) return null;
  const secret = shared.get('secret', /** @type {string | undefined} */ (undefined));
  return { ...me, kept: true, ...(secret !== undefined && { [me.guest ? 'session' : 'token']: secret }) };
}

/** @param {Identity} identity */
export function save({ id, name, guest, epoch, session, token }) {
  shared.set('me', { id, name, guest, epoch });
  void handOver(guest ? session : token);
}

/** Whether what is kept here belongs to an account, whose login may be over, and another name is said. @param {string} name */
export function isOthers(name) {
  const before = load();
  return before !== null && !before.guest && before.name.toLowerCase() !== name.toLowerCase();
}

/** One is nobody any more. */
export function forget() {
  handedOver = undefined;
  dropAll();
  for (const name of ['me', 'secret', 'rooms', 'last']) shared.set(name, undefined);
  shared.set('forgetting', true);
  void settle();
}

/** Have the browser forget what it kept of who signed out; without a network that is done as soon as there is one. */
export async function settle() {
  if (!shared.get('forgetting', false)) return;
  const answer = await fetch(KEEP, { method: 'DELETE', keepalive: true }).catch(() => null);
  if (answer?.ok) shared.set('forgetting', undefined);
}

/** @param {string | undefined} secret none where one came by the cookie */
async function handOver(secret) {
  if (secret === undefined || secret === handedOver) return;
  shared.set('secret', secret);
  if (!navigator.cookieEnabled) return;
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(KEEP, { method: 'POST', headers, body: JSON.stringify({ secret }), keepalive: true }).catch(() => null);
  if (!answer?.ok || shared.get('secret', undefined) !== secret) return;
  handedOver = secret;
  shared.set('secret', undefined);
  shared.set('forgetting', undefined); // it has taken the place of what was kept
}
