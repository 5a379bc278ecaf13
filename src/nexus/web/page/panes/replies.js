/** The replies to a message, beside the room: the message, what was said to it, and a way to say more. */

import { useEffect, useRef } from 'preact/hooks';
import { Found } from './hit.js';
import { closeReplies, panes, wide } from './panes.js';
import { replying } from '../composer/replying.js';
import { focusOn } from '../shell/focus.js';
import { Icon } from '../shell/icons.js';
import { counted, t } from '../shell/language.js';
import { html } from '../shell/html.js';
import { Offline } from '../../engine/connection.js';

/** @typedef {import('../../engine/client.js').Client} Client */

/** @param {{client: Client}} props */
export function RepliesPane({ client }) {
  const { replies } = client;
  replies.changes.watch;
  const { room, about, events, more } = replies;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => box.current?.focus(), [room, replies.seq]);
  if (room === null) return null;
  const chosen = () => {
    if (!wide.matches) panes.value = { ...panes.value, replies: false };
  };
  const answer = () => {
    if (about !== undefined) replying.set(room, { seq: about.seq, by: about.by, text: about.text ?? '' });
    chosen();
    focusOn('composer');
  };
  return html`
    <aside class="search replies" aria-label=${t('replies.title')} ref=${box} tabindex="-1" onKeyDown=${press}>
      <header>
        <h2>${t('replies.title')}</h2>
        <button type="button" class="quiet" aria-label=${t('page.close')} onClick=${closeReplies}><${Icon} name="close" /></button>
      </header>
      ${about !== undefined && html`<${Found} client=${client} event=${about} where=${client.rooms.called(room)} changed=${about.changed} chosen=${chosen} />`}
      <p class="hint" role="status">${statusOf(replies)}</p>
      ${more && html`<button type="button" class="further" disabled=${replies.busy} onClick=${() => replies.further()}>${t('replies.more')}</button>`}
      <ol class="found" aria-label=${t('replies.title')} aria-busy=${replies.busy}>
        ${events.map((event) => html`<li key=${event.seq}><${Found} client=${client} event=${event} where=${client.rooms.called(room)} changed=${event.changed} chosen=${chosen} /></li>`)}
      </ol>
      ${about !== undefined && !about.deleted && html`
        <button type="button" class="further" onClick=${answer}><${Icon} name="reply" /> ${t('message.reply')}</button>
      `}
    </aside>
  `;
}

/** @param {import('../../engine/replies.js').Replies} replies */
function statusOf({ trouble, busy, events, more }) {
  if (trouble !== null) return trouble instanceof Offline ? t('replies.offline') : trouble.message;
  if (busy && events.length === 0) return t('search.searching');
  return more ? t('replies.many', { count: events.length }) : counted('replies.count', events.length);
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (event.key !== 'Escape') return;
  event.preventDefault();
  closeReplies();
}
