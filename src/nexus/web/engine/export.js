/**
 * What there is of oneself on the server, as far as one may read it: the account with its rooms and devices, then one's
 * messages, the newest first. What one said in a room that one was taken out of is not there for oneself; the operator has it.
 */

/** Messages that are asked for at once. */
const PAGE = 100;

/** One JSON object a line. @param {import('./client.js').Client} client */
export async function everythingOfMine(client) {
  const { rooms = [] } = await client.ask('rooms');
  const { logins = [] } = await client.ask('logins');
  const mine = rooms.filter((/** @type {{member?: boolean}} */ room) => room.member);
  const { directs, people } = client.ignoring;
  const lines = [JSON.stringify({ type: 'account', ...client.you, logins, rooms: mine, directs, ignored: people.map((one) => one.name) })];
  let before;
  let more = true;
  while (more) {
    const found = await client.ask('search', { query: `from:${client.name}`, limit: PAGE, before });
    const own = (found.hits ?? []).filter((/** @type {{guest?: boolean}} */ hit) => !hit.guest); // a guest had the name before
    for (const hit of own) lines.push(JSON.stringify(hit));
    before = found.next;
    more = found.more ?? false;
  }
  return `${lines.join('\n')}\n`;
}
