/** What happened in a room that is no message, as a sentence. */

import { counted, t } from '../shell/language.js';

/** @typedef {import('../../engine/types.js').LogEvent} LogEvent */

/** @param {LogEvent} event @param {string} by who it is by, as they are called now */
export function happened(event, by) {
  const { name = '', added = '', reason = '' } = event;
  switch (event.type) {
    case 'joined':
      return added === '' ? t('room.joined', { name: by }) : t('room.added', { name: by, by: added });
    case 'left':
      return t('room.left', { name: by });
    case 'removed':
      return [t('room.removed', { name, by }), reason].filter(Boolean).join(': ');
    case 'promoted':
      return t(roleKey('room.promoted', event.role), { name });
    case 'purged':
      return counted('room.purged', (event.targets ?? []).length, { name, by });
    case 'restored':
      return counted('room.restored', (event.targets ?? []).length, { name, by });
    case 'destroyed':
      return t('room.destroyed', { name: by });
    case 'revived':
      return t('room.revived', { name: by });
    case 'configured':
      return configured(event, by);
    default:
      return '';
  }
}

/** The key of a text for a role in a room. @param {string} begin @param {string} [role] */
export function roleKey(begin, role) {
  return /** @type {import('../shell/language.js').Key} */ (`${begin}.${role === 'owner' || role === 'moderator' ? role : 'member'}`);
}

/** @param {LogEvent} event @param {string} by */
function configured(event, by) {
  if (event.name !== undefined) return t(event.kind === 'open' ? 'room.opened' : 'room.renamed', { name: by, room: `#${event.name}` });
  if (event.archived !== undefined) return t(event.archived ? 'room.archived' : 'room.reopened', { name: by });
  if (event.title !== undefined) return t('room.titled', { name: by, title: event.title });
  if (event.keep !== undefined) return event.keep > 0 ? counted('room.keeps', event.keep, { name: by }) : t(event.keep < 0 ? 'room.keepsAsServer' : 'room.keepsAll', { name: by });
  if (event.posting ?? event.slow ?? event.guests) return t('room.changed', { name: by });
  if (event.slow === 0) return t('room.changed', { name: by });
  return event.topic ? t('room.topic', { name: by, topic: event.topic }) : t('room.topicGone', { name: by });
}
