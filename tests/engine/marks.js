/** What is read and made unread again, as the server is told of it. */

import { Marks } from '/web/engine/marks.js';
import { equal, test } from './check.js';

/** A room of which the server knows that it was read up to an event, and what it is asked from then on. */
function readUpTo(read) {
  const asked = [];
  const changes = { changed: () => {} };
  const room = { name: 'garden', view: { read }, changes, keepUnread: () => {} };
  const client = { rooms: { current: room, changes }, ask: async (_, { seq, back = false }) => void asked.push([seq, back]) };
  return { room, asked, marks: new Marks(client) };
}

test('what comes before the first that is unread again was read, also where the server was not told of it yet', async () => {
  const { room, asked, marks } = readUpTo(0);
  await marks.unreadFrom(room, 3);
  equal(asked, [[2, false], [2, true]]);
});

test('a mark that is behind goes back once', async () => {
  const { room, asked, marks } = readUpTo(5);
  await marks.unreadFrom(room, 3);
  equal(asked, [[2, true]]);
});
