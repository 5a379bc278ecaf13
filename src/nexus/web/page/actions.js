/** The toolbar of the message that one points at or that has the focus. */

import { act, deedsFor } from './deeds.js';
import { Icon } from './icons.js';
import { html } from './html.js';
import { t } from './words.js';

/** @typedef {import('./deeds.js').Deed} Deed */

/** @type {Record<Deed, [import('./words.js').Key, string]>} the name, and the key that does it too */
const NAMES = {
  react: ['message.react', '+'],
  reply: ['message.reply', 'R'],
  edit: ['message.edit', 'E'],
  pin: ['message.pin', 'P'],
  link: ['message.link', 'C'],
  delete: ['message.delete', 'Del'],
};

/** @param {import('./deeds.js').Subject & {changed?: number}} about */
export function Actions(about) {
  /** @param {Deed} deed @param {MouseEvent} clicked */
  const press = (deed, clicked) => {
    const button = /** @type {HTMLElement} */ (clicked.currentTarget);
    const near = button.getBoundingClientRect();
    /** @type {HTMLElement | null} */ (button.closest('article'))?.focus({ preventScroll: true }); // a dialog gives it back there
    act(deed, about, near);
  };
  return html`
    <div class="actions" role="toolbar" aria-label=${t('message.actions', { name: about.event.by })}>
      ${deedsFor(about).map((deed) => {
        const [name, key] = NAMES[deed];
        const label = t(deed === 'pin' && about.event.pinned ? 'message.unpin' : name);
        return html`
          <button
            type="button" key=${deed} data-deed=${deed} title=${`${label} (${key})`} aria-label=${label}
            onClick=${(/** @type {MouseEvent} */ clicked) => press(deed, clicked)}
          ><${Icon} name=${deed} /></button>
        `;
      })}
    </div>
  `;
}
