/** A dialog in front of the page: the browser keeps the focus inside, Escape closes it. */

import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icons.js';
import { dialog } from './panes.js';
import { html } from './html.js';
import { t } from './words.js';

/** @param {{title: string, kind?: string, children?: any}} props */
export function Dialog({ title, kind = '', children }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    const before = document.activeElement;
    box.current?.showModal();
    return () => before instanceof HTMLElement && before.focus();
  }, []);
  /** @param {MouseEvent} event */
  const outside = (event) => {
    if (event.target === box.current) dialog.value = '';
  };
  return html`
    <dialog class=${kind} ref=${box} aria-labelledby="dialog-title" onClose=${() => (dialog.value = '')} onClick=${outside}>
      <div class="sheet">
        <header>
          <h2 id="dialog-title">${title}</h2>
          <button type="button" class="quiet" aria-label=${t('page.close')} onClick=${() => (dialog.value = '')}>
            <${Icon} name="close" />
          </button>
        </header>
        ${children}
      </div>
    </dialog>
  `;
}
