/** Where one is who did not choose a room. */

import { shared } from './keep.js';

/** Where one was the last time, else the server's first room; in a limited account one of its own, or none. @param {import('./client.js').Client} client @param {string} first */
export function home(client, first) {
  const last = shared.get('last', '');
  if (!client.you?.limited) return last || first;
  return client.rooms.get(last)?.name ?? client.rooms.all[0]?.name ?? '';
}
