/** What the events about a message do to it. The same as `nexus.protocol.folding` in Python. */

/** @typedef {import('./types.js').LogEvent} LogEvent */
/** @typedef {import('./types.js').Person} Person */

/** The events that are about an earlier message, which their `target` names. */
export const AMENDING = new Set(['edited', 'deleted', 'reacted', 'unreacted', 'pinned', 'unpinned']);

/**
 * Change the message that an event is about, where it is among these (ascending).
 *
 * @param {LogEvent[]} events @param {LogEvent} event
 */
export function amend(events, event) {
  const found = events.findLast((one) => one.seq <= Number(event.target));
  if (found?.type === 'posted' && found.seq === event.target) fold(found, event);
}

/** What a purge is to each of its messages. @param {LogEvent} event @returns {LogEvent[]} */
export function deletions(event) {
  return (event.targets ?? []).map((target) => ({ ...event, type: 'deleted', target }));
}

/**
 * Change a message as an event about it says; one that is in it already changes nothing.
 *
 * @param {LogEvent} message @param {LogEvent} event
 */
export function fold(message, event) {
  if (event.seq <= (message.changed ?? 0)) return;
  message.changed = event.seq;
  const emoji = event.emoji ?? '';
  switch (event.type) {
    case 'edited':
      message.edited = event.at;
      message.text = event.text ?? message.text; // without one, the edit that replaced it follows
      break;
    case 'deleted':
      message.text = '';
      message.deleted = true;
      delete message.edited;
      delete message.pinned;
      delete message.reactions;
      delete message.mentions;
      delete message.here;
      break;
    case 'reacted':
      message.reactions = { ...message.reactions, [emoji]: [...(message.reactions?.[emoji] ?? []), personOf(event)] };
      break;
    case 'unreacted':
      takeBack(message, emoji, personOf(event));
      break;
    case 'pinned':
      message.pinned = true;
      break;
    case 'unpinned':
      delete message.pinned;
  }
}

/** @param {LogEvent} event @returns {Person} */
function personOf({ by, guest }) {
  return guest ? { by, guest } : { by };
}

/** @param {Person} one @param {Person} other */
export function same(one, other) {
  return one.by === other.by && Boolean(one.guest) === Boolean(other.guest);
}

/** @param {LogEvent} message @param {string} emoji @param {Person} person */
function takeBack(message, emoji, person) {
  const { [emoji]: people = [], ...others } = message.reactions ?? {};
  const left = people.filter((one) => !same(one, person));
  message.reactions = left.length > 0 ? { ...message.reactions, [emoji]: left } : others;
  if (Object.keys(message.reactions).length === 0) delete message.reactions;
}

/**
 * Give an account its new name wherever these show it; a guest's stays as it was.
 *
 * @param {LogEvent[]} events @param {{from: string, to: string, guest?: boolean}} renamed
 */
export function rename(events, { from, to, guest }) {
  if (guest) return;
  for (const one of events) {
    if (one.by === from && !one.guest) one.by = to;
    if (one.mentions?.includes(from)) one.mentions = one.mentions.map((name) => (name === from ? to : name));
    for (const people of Object.values(one.reactions ?? {})) {
      for (const person of people) if (person.by === from && !person.guest) person.by = to;
    }
  }
}
