/**
 * A page that stays open while the server is upgraded is from before that. It is loaded again when nobody looks at it,
 * or when the person asks for it; what they write, and where they read, is kept over that.
 */

import { meta } from './meta.js';

/** @typedef {import('../../engine/client.js').Client} Client */

/** Whether the server is another version than this page. @param {Client} client */
export function outdated(client) {
  return client.online && client.version !== '' && client.version !== meta('version');
}

/** @param {Client} client */
export function renewWhenHidden(client) {
  document.addEventListener('visibilitychange', () => {
    if (document.hidden && outdated(client)) location.reload();
  });
}
