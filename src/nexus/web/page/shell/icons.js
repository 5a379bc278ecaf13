/** Small drawings; each is hidden from screen readers, since what holds it has a name. */

import { html } from './html.js';

const PATHS = {
  menu: 'M3 6h18M3 12h18M3 18h18',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20c.4-3.6 3-5.5 6.500-5.500s6.100 1.900 6.500 5.500M16 4.500a3.300 3.300 0 0 1 0 6.300M18 14.800c2 .7 3.200 2.500 3.500 5.200',
  send: 'M5 12h13M12 5l7 7-7 7',
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  close: 'M6 6l12 12M18 6L6 18',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14M20 20l-4-4',
  reply: 'M9 7L4 12l5 5M4 12h9c4 0 7 2 7 6',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  react: 'M12 20.500a8.500 8.500 0 1 1 3-16.500M9 14c.8 1.200 1.800 1.800 3 1.800s2.200-.6 3-1.800M9 9.500v.5M15 9.500v.5M19 3v6M16 6h6',
  smile: 'M12 20.500a8.500 8.500 0 1 1 0-17 8.500 8.500 0 0 1 0 17M8.500 14c.9 1.300 2 2 3.500 2s2.600-.7 3.500-2M9 9.500v.5M15 9.500v.5',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  edit: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3',
  pin: 'M9 4h6l-1 6 4 4H6l4-4zM12 14v6',
  unread: 'M4 5h16v11h-9l-4 4v-4H4zM17.500 5.500a2.500 2.500 0 1 0 5 0 2.500 2.500 0 1 0-5 0',
  delete: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5',
  more: 'M4.500 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M11.500 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0M18.500 12a.5.5 0 1 0 1 0 .5.5 0 1 0-1 0',
  leave: 'M14 4H6v16h8M10 12h10M17 8l4 4-4 4',
  report: 'M6 21V4h12l-3 4 3 4H6',
  lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
  talk: 'M4 5h16v11h-9l-4 4v-4H4z',
  plus: 'M12 5v14M5 12h14',
  muted: 'M6 9a6 6 0 0 1 10-4M18 9c0 4 1 6 2 8H8M4 17c1-1 2-3 2-6M10 20a2 2 0 0 0 4 0M3 3l18 18',
};

/** @param {{name: keyof typeof PATHS}} props */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}
