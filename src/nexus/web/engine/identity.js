/**
 * Who one is, kept in the browser: leaving and coming back keeps you who you were.
 *
 * A guest is one session, which all tabs share (the newest has it). An account has a session per tab, and a token.
 */

import { ofTab, shared } from './keep.js';

/** @typedef {import('./conversation.js').Identity} Identity */

/** Somebody new. @returns {Identity} */
export function fresh() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return { id: [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''), name: '', guest: true };
}

/** Who one was; null where that is not known. @returns {Identity | null} */
export function load() {
  const kept = shared.get('me', /** @type {Identity | null} */ (null));
  if (kept === null || kept.guest) return kept;
  return { ...kept, session: ofTab.get('session', undefined) };
}

/** @param {Identity} identity */
export function save(identity) {
  shared.set('me', identity.guest ? identity : { ...identity, session: undefined });
  ofTab.set('session', identity.guest ? undefined : identity.session);
}

/** This tab begins another session of the account. */
export function endSession() {
  ofTab.set('session', undefined);
}

/** One is nobody any more. */
export function forget() {
  endSession();
  shared.set('me', undefined);
  shared.set('rooms', undefined);
  shared.set('last', undefined);
}
