/** Blocks of code: coloured once the library for that is there, and with a button that copies them. */

import { clean } from './markdown.js';
import { t } from '../shell/language.js';

/** Longer blocks stay as they are. */
const MOST = 20_000;

/** Complete the blocks of code inside an element. @param {HTMLElement} text */
export function complete(text) {
  for (const block of text.querySelectorAll('pre')) {
    const code = block.querySelector('code');
    if (code === null) continue;
    block.tabIndex = 0; // wide code scrolls, by keyboard too
    void colour(code);
    block.after(copyButton((code.textContent ?? '').replace(/\n+$/, ''))); // with one a shell would run what is pasted
  }
}

/** @param {string} text */
function copyButton(text) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = t('code.copy');
  button.onclick = async () => {
    if (await copy(text)) button.textContent = t('code.copied');
  };
  return button;
}

/** @param {Element} code */
async function colour(code) {
  const language = /\blanguage-([\w+#-]+)/.exec(code.className)?.[1];
  const text = code.textContent ?? '';
  if (language === undefined || text.length > MOST) return;
  const { default: highlight } = await import('highlight.js');
  if (!highlight.getLanguage(language)) return;
  code.replaceChildren(clean(highlight.highlight(text, { language }).value));
}

/** Put a text on the clipboard; false where the browser does not let us. @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelecting(text); // without TLS, pages from elsewhere have no clipboard
  }
}

/** @param {string} text */
function copyBySelecting(text) {
  const box = document.createElement('textarea');
  box.value = text;
  box.className = 'aside';
  document.body.append(box);
  box.select();
  const copied = document.execCommand('copy');
  box.remove();
  return copied;
}
