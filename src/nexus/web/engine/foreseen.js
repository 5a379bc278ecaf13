/** A message as it will be once what is on its way to it is stored, so that what one does is seen at once. */

import { fold, same } from './folding.js';

/** @typedef {import('./types.js').LogEvent} LogEvent */
/** @typedef {import('./outbox.js').Waiting} Waiting */

/** What each verb brings about. */
const EVENTS = { edit: 'edited', delete: 'deleted', react: 'reacted', unreact: 'unreacted', pin: 'pinned', unpin: 'unpinned' };

/**
 * The message itself where nothing is on its way, else another one. A deletion is not foreseen: the text stays until
 * it is gone.
 *
 * @param {LogEvent} message
 * @param {Waiting[]} changes oldest first
 * @param {import('./types.js').Person} you
 */
export function foresee(message, changes, you) {
  const coming = changes.filter((one) => one.refused === undefined && one.verb !== 'delete');
  if (coming.length === 0 || message.deleted) return message;
  const { edited } = message;
  const foreseen = { ...message };
  for (const { verb, text, emoji = '', at, room } of coming) {
    if (verb === undefined || (verb === 'react' && reactedBy(foreseen, emoji, you))) continue;
    foreseen.changed = 0;
    fold(foreseen, { ...you, type: EVENTS[verb], room, at, text, emoji, seq: Infinity });
  }
  return { ...foreseen, changed: message.changed, edited };
}

/** Whether someone has reacted to a message with an emoji. @param {LogEvent} message @param {string} emoji @param {import('./types.js').Person} who */
export function reactedBy(message, emoji, who) {
  return (message.reactions?.[emoji] ?? []).some((one) => same(one, who));
}
