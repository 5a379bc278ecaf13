/** The toolbar of the message that one points at or that has the focus. */

import { act, actionsFor } from './actions.js';
import { dialog } from '../panes/panes.js';
import { Icon } from '../shell/icons.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** @typedef {import('./actions.js').Action} Action */

/** @type {Record<Action, [import('../shell/language.js').Key, string]>} the name, and the key that does it too */
const NAMES = {
  react: ['message.react', '+'],
  reply: ['message.reply', 'R'],
  edit: ['message.edit', 'E'],
  pin: ['message.pin', 'P'],
  link: ['message.link', 'C'],
  unread: ['message.unread', 'U'],
  report: ['message.report', 'F'],
  delete: ['message.delete', 'Del'],
};

/** @param {import('./actions.js').About & {changed?: number, sheet?: boolean}} props `sheet`: in a dialog of its own, where each says what it is */
export function Actions({ sheet = false, ...about }) {
  /** @param {Action} action @param {MouseEvent} clicked */
  const press = (action, clicked) => {
    const button = /** @type {HTMLElement} */ (clicked.currentTarget);
    const near = button.getBoundingClientRect();
    if (sheet) {
      dialog.value = '';
      setTimeout(() => act(action, about, near)); // once nothing is before the page
      return;
    }
    /** @type {HTMLElement | null} */ (button.closest('article'))?.focus({ preventScroll: true }); // a dialog gives it back there
    act(action, about, near);
  };
  return html`
    <div class="actions" role="toolbar" aria-label=${t('message.actions', { name: about.event.by })}>
      ${actionsFor(about).map((action) => {
        const [name, key] = NAMES[action];
        const label = t(action === 'pin' && about.event.pinned ? 'message.unpin' : name);
        return html`
          <button
            type="button" key=${action} data-action=${action} title=${sheet ? undefined : `${label} (${key})`} aria-label=${label}
            onClick=${(/** @type {MouseEvent} */ clicked) => press(action, clicked)}
          ><${Icon} name=${action} />${sheet && html` <span>${label}</span>`}</button>
        `;
      })}
    </div>
  `;
}
