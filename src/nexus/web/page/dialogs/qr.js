/** A QR code: the link for those who stand before the screen with a phone. */

import { html } from '../shell/html.js';

/** Light squares around it, without which a reader does not find it. */
const MARGIN = 4;

/** @param {{rows: string[], label: string}} props `rows` of 0 (light) and 1 (dark) */
export function Qr({ rows, label }) {
  const size = rows.length + 2 * MARGIN;
  const dark = rows.flatMap((row, y) => [...row].map((one, x) => (one === '1' ? `M${x + MARGIN} ${y + MARGIN}h1v1h-1z` : '')));
  return html`
    <svg class="qr" role="img" aria-label=${label} viewBox=${`0 0 ${size} ${size}`} shape-rendering="crispEdges">
      <path d=${dark.join('')} />
    </svg>
  `;
}
