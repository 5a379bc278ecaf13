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

/** The roles that one of a role may give to another, who has one. @param {string} [mine] @param {string} [theirs] */
export function giveable(mine, theirs) {
  if (serverRank(mine) < serverRank('admin') || theirs === 'owner' || serverRank(theirs) >= serverRank(mine)) return [];
  return RANKS.slice(1).filter((role) => role !== theirs && (serverRank(role) < serverRank(mine) || mine === 'owner'));
}
