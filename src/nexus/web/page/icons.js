/** Small drawings; each is hidden from screen readers, since what holds it has a name. */

import { html } from './html.js';

const PATHS = {
  menu: 'M3 6h18M3 12h18M3 18h18',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20c.4-3.6 3-5.5 6.500-5.500s6.100 1.900 6.500 5.500M16 4.500a3.300 3.300 0 0 1 0 6.300M18 14.800c2 .7 3.200 2.500 3.500 5.200',
  send: 'M5 12h13M12 5l7 7-7 7',
  down: 'M12 5v14M6 13l6 6 6-6',
  close: 'M6 6l12 12M18 6L6 18',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14M20 20l-4-4',
  reply: 'M9 7L4 12l5 5M4 12h9c4 0 7 2 7 6',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  leave: 'M14 4H6v16h8M10 12h10M17 8l4 4-4 4',
};

/** @param {{name: keyof typeof PATHS}} props */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}
