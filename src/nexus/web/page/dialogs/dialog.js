/** A dialog in front of the page: the browser keeps the focus inside, Escape closes it. */

import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../shell/icons.js';
import { dialog } from '../panes/panes.js';
import { html } from '../shell/html.js';
import { t } from '../shell/language.js';

/** @param {{title: string, kind?: string, near?: DOMRect, children?: any}} props `near`: where on the window it belongs */
export function Dialog({ title, kind = '', near, children }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const before = useRef(document.activeElement);
  useLayoutEffect(() => { // at once: the next key is for the dialog
    const element = box.current;
    element?.showModal();
    if (element !== null && near !== undefined) putNear(element, near);
    return () => { // at once too, and closed before: nothing behind an open dialog takes the focus
      element?.close();
      if (before.current instanceof HTMLElement) focusAgain(before.current);
    };
  }, []);
  const name = useRef(dialog.value);
  const close = () => {
    if (box.current !== null && dialog.value === name.current) dialog.value = ''; // another may be open by the time the browser says so
  };
  /** @param {MouseEvent} event */
  const outside = (event) => {
    if (event.target === box.current) close();
  };
  return html`
    <dialog class=${kind} ref=${box} aria-labelledby="dialog-title" onCancel=${close} onClose=${close} onClick=${outside}>
      <div class="sheet">
        <header>
          <h2 id="dialog-title">${title}</h2>
          <button type="button" class="quiet" aria-label=${t('page.close')} onClick=${close}>
            <${Icon} name="close" />
          </button>
        </header>
        ${children}
      </div>
    </dialog>
  `;
}

/**
 * A closing dialog gives the focus back, but in Chromium not the caret, which goes with the dialog: what one types is lost.
 *
 * @param {HTMLElement} element
 */
function focusAgain(element) {
  element.blur();
  element.focus();
}

/** Below what it is about, or above it where there is no room. @param {HTMLElement} box @param {DOMRect} near */
function putNear(box, near) {
  const { width, height } = box.getBoundingClientRect();
  const below = near.bottom + 8 + height < innerHeight;
  const left = near.left + near.right < innerWidth ? near.left : near.right - width; // towards the middle
  box.style.setProperty('--left', `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`);
  box.style.setProperty('--top', `${Math.max(8, below ? near.bottom + 8 : near.top - 8 - height)}px`);
}
