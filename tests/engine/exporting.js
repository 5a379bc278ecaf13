/** One's data to take along. */

import { everythingOfMine } from '/web/engine/export.js';
import { equal, event, test } from './check.js';

test('what a guest said who once had the name is not among what is taken along', async () => {
  const answers = {
    rooms: () => ({ rooms: [] }),
    logins: () => ({ logins: [] }),
    search: ({ before }) => (before === undefined ? { hits: [event(3)], more: true, next: 3 } : { hits: [event(2, { guest: true }), event(1)], more: false }),
  };
  const client = { name: 'Ann', you: {}, ignoring: { people: [] }, ask: async (kind, fields) => answers[kind](fields) };
  const [, ...messages] = (await everythingOfMine(client)).trim().split('\n').map((line) => JSON.parse(line));
  equal(messages.map((one) => one.seq), [3, 1]);
});
