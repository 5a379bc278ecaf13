/** The window's title: where one is, and how much is unread elsewhere. */

import { effect } from '@preact/signals';

/** @param {import('../engine/client.js').Client} client @param {string} server */
export function showTitle(client, server) {
  effect(() => {
    client.rooms.changes.watch;
    client.status.watch;
    const { unread } = client.rooms;
    const count = unread > 0 ? `(${unread > 999 ? '999+' : unread}) ` : '';
    const where = client.stage === 'talking' && client.rooms.current !== null ? `#${client.rooms.current.name} · ` : '';
    document.title = `${count}${where}${server}`;
  });
}
