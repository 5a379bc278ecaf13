/** A search: what was found follows what happens to it. */

import { Search } from '/web/engine/search.js';
import { Messages } from '/web/engine/messages.js';
import { equal, event, test } from './check.js';

test('a hit is the message that the timeline shows', async () => {
  const messages = new Messages();
  const [shown] = messages.take([event(1)]);
  const search = new Search(async () => ({ hits: [event(1)], more: false }), (hit) => messages.take([hit])[0]);
  await search.find('m1');
  messages.hear(event(2, { type: 'edited', target: 1, text: 'new' }));
  equal([search.hits[0] === shown, search.hits[0].text], [true, 'new']);
});

test('a deleted message is found no more', async () => {
  const search = new Search(async () => ({ hits: [event(2), event(1)], more: false }));
  await search.find('m');
  search.hear(event(3, { type: 'deleted', target: 2 }));
  equal(search.hits.map((hit) => hit.seq), [1]);
});

test('a new name is on what was found', async () => {
  const search = new Search(async () => ({ hits: [event(1, { mentions: ['Ann'] })], more: false }));
  await search.find('m');
  search.rename({ from: 'Ann', to: 'Anna' });
  equal([search.hits[0].by, search.hits[0].mentions], ['Anna', ['Anna']]);
});

test('only the answer to the newest question counts', async () => {
  const answers = [];
  const search = new Search(() => new Promise((resolve) => answers.push(resolve)));
  const first = search.find('one');
  const second = search.find('two');
  answers[1]({ hits: [event(2)], more: false });
  answers[0]({ hits: [event(1)], more: false });
  await Promise.all([first, second]);
  equal([search.query, search.hits.map((hit) => hit.seq)], ['two', [2]]);
});

test('where the server has looked through much it is asked on', async () => {
  let asked = 0;
  const search = new Search(async () => {
    asked += 1;
    return asked < 3 ? { hits: [], more: true, next: 10 - asked } : { hits: [event(1)], more: false };
  });
  await search.find('rare');
  equal([asked, search.hits.length, search.busy], [3, 1, false]);
});
