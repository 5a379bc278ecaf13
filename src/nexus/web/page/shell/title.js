/** The window's title and icon: where one is, and how much is unread that one wants to hear of. */

import { effect } from '@preact/signals';

/** @param {import('../../engine/client.js').Client} client @param {string} server */
export function showTitle(client, server) {
  let shown = -1;
  effect(() => {
    client.rooms.changes.watch;
    client.status.watch;
    const { due } = client.rooms;
    const count = due > 0 ? `(${due > 999 ? '999+' : due}) ` : '';
    const where = client.stage === 'talking' && client.rooms.current !== null ? `${client.rooms.called(client.rooms.current)} · ` : '';
    const title = `${count}${where}${server}`;
    if (title !== document.title) document.title = title;
    if (due !== shown) badge(due);
    shown = due;
  });
}

/** A dot on the window's icon, and a number on the installed page's. @param {number} due */
function badge(due) {
  const icon = document.querySelector('link[rel=icon]');
  const shown = icon?.getAttribute('href')?.replace(/icon(-new)?\.svg$/, due > 0 ? 'icon-new.svg' : 'icon.svg');
  if (icon !== null && shown !== undefined && shown !== icon.getAttribute('href')) icon.setAttribute('href', shown);
  /** @type {any} */ (navigator).setAppBadge?.(due).catch(() => {}); // some browsers let only the installed page
}
