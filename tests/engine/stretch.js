/** What a timeline shows: bounded by what is shown, whatever happens to messages. */

import { Stretch } from '/web/engine/stretch.js';
import { equal, event, log, test } from './check.js';

const REACTED = { type: 'reacted', target: 1, emoji: '👍', text: undefined };

test('new messages are added where one follows the newest', () => {
  const stretch = new Stretch();
  stretch.begin(log(3), 3);
  stretch.hear(event(4), true);
  equal(stretch.events.map((one) => one.seq), [1, 2, 3, 4]);
  equal([stretch.first, stretch.last, stretch.older, stretch.newer], [1, 4, false, false]);
});

test('a thousand reactions to one message leave it where it is', () => {
  const stretch = new Stretch();
  stretch.begin([event(1)], 1);
  for (let seq = 2; seq <= 1001; seq += 1) stretch.hear(event(seq, REACTED), true);
  equal(stretch.events.map((one) => one.seq), [1]);
  equal([stretch.first, stretch.last, stretch.older, stretch.newer], [1, 1001, false, false]);
});

test('ten thousand edits of one message leave all others where they are', () => {
  const stretch = new Stretch();
  stretch.begin(log(50), 50);
  for (let seq = 51; seq <= 10050; seq += 1) stretch.hear(event(seq, { type: 'edited', target: 50, text: `e${seq}` }), true);
  equal(stretch.events.length, 50);
  stretch.hear(event(10051), true);
  equal(stretch.events.at(-1).seq, 10051);
});

test('the oldest are cut off where one follows the newest', () => {
  const stretch = new Stretch();
  stretch.begin(log(150), 150);
  for (let seq = 151; seq <= 161; seq += 1) stretch.hear(event(seq), true);
  equal([stretch.events.length, stretch.first, stretch.last, stretch.older], [80, 82, 161, true]);
});

test('older pages reach back over what is not shown', () => {
  const stretch = new Stretch();
  const events = log(100, (seq) => (seq > 10 && seq <= 90 ? REACTED : {}));
  stretch.begin(events.slice(90), 100);
  stretch.before(events.slice(50, 90));
  equal([stretch.events.length, stretch.first, stretch.older], [10, 51, true]);
  stretch.before(events.slice(0, 50));
  equal([stretch.events.length, stretch.first, stretch.older], [20, 1, false]);
});

test('a page that does not meet the stretch is left out', () => {
  const stretch = new Stretch();
  stretch.begin(log(20).slice(10), 20);
  stretch.before(log(5));
  stretch.after([event(25)], 25);
  equal([stretch.first, stretch.last], [11, 20]);
});

test('where one reads above, new messages wait below', () => {
  const stretch = new Stretch();
  stretch.begin(log(300), 300);
  stretch.hear(event(301), false);
  equal([stretch.newer, stretch.last], [true, 300]);
});

test('an empty room has nothing older', () => {
  const stretch = new Stretch();
  stretch.begin([], 0);
  equal([stretch.filled, stretch.older, stretch.newer], [true, false, false]);
  stretch.hear(event(1), true);
  equal([stretch.first, stretch.last, stretch.older], [1, 1, false]);
});

test('a page that was asked for before the stretch was another says nothing about its beginning', () => {
  const stretch = new Stretch();
  stretch.begin(log(520).slice(480), 520);
  stretch.before(log(520).slice(500));
  equal([stretch.first, stretch.older], [481, true]);
  stretch.before([]);
  equal([stretch.first, stretch.older], [1, false]);
  stretch.clear();
  stretch.before([]);
  equal([stretch.first, stretch.filled], [0, false]);
});

test('what has expired is not shown, and nothing older is looked for', () => {
  const stretch = new Stretch();
  stretch.begin(log(20).slice(10), 20);
  equal([stretch.first, stretch.older], [11, true]);
  stretch.expire(15);
  equal([stretch.events.map((one) => one.seq), stretch.first, stretch.older], [[15, 16, 17, 18, 19, 20], 15, false]);
  stretch.hear(event(21), true);
  equal([stretch.events.length, stretch.last], [7, 21]);
});

test('where all that is shown has expired it is read anew', () => {
  const stretch = new Stretch();
  stretch.begin(log(5), 20);
  stretch.expire(15);
  equal([stretch.filled, stretch.events.length], [false, 0]);
  stretch.begin([], 20);
  equal([stretch.filled, stretch.older], [true, false]);
});
