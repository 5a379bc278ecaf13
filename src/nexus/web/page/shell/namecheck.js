/** Whether a name can be taken, told while it is typed, with a free one close to it. */

import { useEffect, useState } from 'preact/hooks';
import { base } from '../../engine/prefix.js';
import { html } from './html.js';
import { t } from './language.js';

/** Milliseconds without a key after which the server is asked. */
const PAUSE = 300;

/** @typedef {{free: boolean, why?: string, instead?: string}} NameState */

/** What the server says of a name; null where it says nothing. @param {string} name @param {AbortSignal} signal */
async function look(name, signal) {
  const answer = await fetch(`${base}/api/names/${encodeURIComponent(name)}`, { signal });
  return answer.ok ? /** @type {NameState} */ (await answer.json()) : null;
}

/**
 * @param {{name: string, typed?: string, own: string, said?: boolean, take: (name: string) => void}} props `typed`: of what it was made; `own`: what one is called
 *   already; `said`: what is wrong stands elsewhere; to be described by this, a field names `name-state`
 */
export function NameCheck({ name, typed = name, own, said = false, take }) {
  const [state, told] = useState(/** @type {NameState | null} */ (null));
  useEffect(() => {
    told(null);
    if (name === '' || name === own) return undefined;
    const asked = new AbortController();
    const timer = setTimeout(() => look(name, asked.signal).then(told, () => {}), PAUSE); // without an answer, hello tells
    return () => (clearTimeout(timer), asked.abort());
  }, [name, own]);
  const instead = state?.instead ?? '';
  return html`
    <p class="name-state" id="name-state" role="status">
      ${name !== typed && html`<span>${t('name.handle', { name })}</span> `}
      ${state?.free === true && html`<span class="free">${t('name.free', { name })}</span>`}
      ${state?.free === false && !said && html`<span>${instead ? t('name.taken', { name }) : state.why}</span>`}
      ${instead && html` <button type="button" class="link" onClick=${() => take(instead)}>${t('name.take', { name: instead })}</button>`}
    </p>
  `;
}
