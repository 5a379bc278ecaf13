/** What someone is on the server, and what that allows. */

const RANKS = ['guest', 'member', 'moderator', 'admin', 'owner'];

/** @param {string} [role] */
export function serverRank(role) {
  return RANKS.indexOf(role ?? '');
}

/** Whether a role moderates the server. @param {string} [role] */
export function moderates(role) {
  return serverRank(role) >= serverRank('moderator');
}

/** Whether a role administers the server. @param {string} [role] */
export function administers(role) {
  return serverRank(role) >= serverRank('admin');
}

const PLACES = ['', 'member', 'moderator', 'owner'];

/** How high a role in a room is. @param {string} [role] */
export function rankOf(role) {
  return Math.max(0, PLACES.indexOf(role ?? ''));
}

/**
 * How one ranks in a room oneself: an administrator as its owner, where it is open.
 *
 * @param {import('./client.js').Client} client @param {import('./room.js').Room} room
 */
export function ownRank(client, room) {
  const { kind = 'open', role } = room.view.info;
  return kind !== 'open' ? rankOf(role) : Math.max(rankOf(role), rankOf({ admin: 'owner', owner: 'owner', moderator: 'moderator' }[client.you?.role ?? '']));
}

/** What one may invite people as: into a room, or without one to the server. @param {import('./client.js').Client} client @param {import('./room.js').Room} [room] */
export function inviting(client, room) {
  if (room === undefined) return ['member', ...giveable(client.you?.role, 'member')];
  const mine = ownRank(client, room);
  return PLACES.slice(1).filter((place) => rankOf(place) < mine || mine === rankOf('owner'));
}

/** The roles that one of a role may give to another, who has one. @param {string} [mine] @param {string} [theirs] */
export function giveable(mine, theirs) {
  if (serverRank(mine) < serverRank('admin') || theirs === 'owner' || theirs === 'bot' || serverRank(theirs) >= serverRank(mine)) return [];
  return RANKS.slice(1).filter((role) => role !== theirs && (serverRank(role) < serverRank(mine) || mine === 'owner'));
}
