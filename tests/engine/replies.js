/** The replies to a message: they follow what is said and done, and only the newest question counts. */

import { Messages } from '/web/engine/messages.js';
import { Replies, repliesIn } from '/web/engine/replies.js';
import { equal, event, test } from './check.js';

/** A room of which nothing is shown. */
function room() {
  const messages = new Messages();
  return { name: 'garden', messages, message: (seq) => messages.get(seq) };
}

test('new replies are added, and deleted ones go', async () => {
  const garden = room();
  const replies = new Replies(async (type) => ({ events: type === 'replies' ? [event(3, { reply_to: 1 })] : [event(1)], more: false }));
  await replies.open(garden, 1);
  equal([replies.about.seq, replies.events.map((one) => one.seq)], [1, [3]]);
  const [said] = garden.messages.take([event(4, { reply_to: 1 })]);
  replies.hear(garden, said);
  replies.hear(garden, event(5, { reply_to: 2 }));
  equal(replies.events.map((one) => one.seq), [3, 4]);
  garden.messages.hear(event(6, { type: 'deleted', target: 3 }));
  replies.hear(garden, event(6, { type: 'deleted', target: 3 }));
  equal(replies.events.map((one) => one.seq), [4]);
});

test('older ones come before those that are there, each once', async () => {
  const pages = [{ events: [event(8, { reply_to: 1 }), event(9, { reply_to: 1 })], more: true }, { events: [event(5, { reply_to: 1 }), event(8, { reply_to: 1 })], more: false }];
  const asked = [];
  const replies = new Replies(async (type, fields) => (type === 'replies' ? (asked.push(fields.before), pages.shift()) : { events: [event(1)] }));
  await replies.open(room(), 1);
  await replies.further();
  equal([asked, replies.events.map((one) => one.seq), replies.more], [[undefined, 8], [5, 8, 9], false]);
});

test('only the message that was opened last counts', async () => {
  const answers = [];
  const replies = new Replies((type) => (type === 'replies' ? new Promise((resolve) => answers.push(resolve)) : Promise.resolve({ events: [event(1), event(2)] })));
  const first = replies.open(room(), 1);
  const second = replies.open(room(), 2);
  answers[1]({ events: [event(4, { reply_to: 2 })], more: false });
  answers[0]({ events: [event(3, { reply_to: 1 })], more: false });
  await Promise.all([first, second]);
  equal([replies.seq, replies.events.map((one) => one.seq)], [2, [4]]);
});

test('replies are counted by the message that they answer', () => {
  const counts = repliesIn([event(1), event(2, { reply_to: 1 }), event(3, { reply_to: 1, deleted: true }), event(4, { reply_to: 1 })]);
  equal([...counts], [[1, 2]]);
});
