/** The links that were made, and who came in by them; each can be taken back. */

import { dayName } from '../timeline/dates.js';
import { serverRole } from './sanctions.js';
import { roleKey } from '../timeline/happened.js';
import { html } from '../shell/html.js';
import { counted, t } from '../shell/language.js';

/** @typedef {import('./invite.js').Invitation} Invitation */

/** @param {{invites: Invitation[], end: (one: Invitation) => void, off: boolean}} props */
export function Invitations({ invites, end, off }) {
  return html`
    <h3 id="invitations-title">${t('invites.title')}</h3>
    <ul class="logins" aria-labelledby="invitations-title">
      ${invites.map((one) => html`
        <li key=${one.invite}>
          <span class="what">
            <span dir="auto">${one.used.length === 0 ? t('invites.nobody') : t('invites.came', { names: one.used.join(', ') })}</span>
            <span class="hint">${about(one)}</span>
          </span>
          <button type="button" disabled=${off} onClick=${() => end(one)}>${t('invites.end')}</button>
        </li>
      `)}
    </ul>
  `;
}

/** @param {Invitation} one */
function about({ by, uses, expires, limited, role, room }) {
  const until = expires === 0 ? '' : t('invites.until', { day: dayName(expires) });
  return [t('invites.by', { name: by }), counted('invites.left', uses), until, role === 'member' ? '' : t('invites.as', { role: room === '' ? serverRole(role) : t(roleKey('role', role)) }), limited ? t('limited.account') : ''].filter(Boolean).join(' · ');
}
