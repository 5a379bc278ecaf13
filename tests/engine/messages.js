/** One object for each message, wherever it is shown. */

import { Messages } from '/web/engine/messages.js';
import { equal, event, test } from './check.js';

const THUMB = '👍';

test('everyone who takes a message gets the same one', () => {
  const messages = new Messages();
  const [first] = messages.take([event(1)]);
  const [again] = messages.take([event(1)]);
  equal(first === again, true);
  equal(messages.get(1) === first, true);
  equal(messages.get(2), undefined);
});

test('what is heard of a message is seen by all who show it', () => {
  const messages = new Messages();
  const timeline = messages.take([event(1), event(2)]);
  const pins = messages.take([event(2)]);
  messages.hear(event(3, { type: 'edited', target: 2, text: 'new' }));
  messages.hear(event(4, { type: 'reacted', target: 2, emoji: THUMB, by: 'Bo' }));
  equal(timeline[1].text, 'new');
  equal(pins[0].reactions, { [THUMB]: [{ by: 'Bo' }] });
});

test('a newer copy of a message brings the known one up to date', () => {
  const messages = new Messages();
  const [known] = messages.take([event(1, { pinned: true, changed: 2 })]);
  messages.take([event(1, { text: 'new', edited: 9, changed: 5 })]);
  equal(known, event(1, { text: 'new', edited: 9, changed: 5 }));
});

test('an older copy of a message changes nothing', () => {
  const messages = new Messages();
  const [known] = messages.take([event(1, { text: 'new', changed: 5 })]);
  messages.take([event(1)]);
  equal(known.text, 'new');
});

test('a new name is on every message that shows the old one', () => {
  const messages = new Messages();
  const [own, other] = messages.take([event(1), event(2, { by: 'Bo', mentions: ['Ann', 'Cy'] })]);
  messages.rename({ from: 'Ann', to: 'Anna' });
  equal([own.by, other.by, other.mentions], ['Anna', 'Bo', ['Anna', 'Cy']]);
});

test('other events are passed through', () => {
  const messages = new Messages();
  const joined = event(1, { type: 'joined' });
  equal(messages.take([joined])[0] === joined, true);
  equal(messages.get(1), undefined);
});
