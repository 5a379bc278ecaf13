/** What stands before a room's name: of which kind it is, at a glance. */

import { Icon } from './icons.js';
import { html } from './html.js';
import { t } from './language.js';

/** @param {{kind?: string}} props */
export function Sign({ kind = 'open' }) {
  if (kind === 'open') return html`<span class="hash" aria-hidden="true">#</span>`;
  return html`<span class="kind"><${Icon} name=${kind === 'private' ? 'lock' : 'talk'} /><span class="aside">${t(kind === 'private' ? 'kind.private' : 'kind.direct')} </span></span>`;
}
