/** What is kept of somebody in a browser is theirs: it is there again for them, and for nobody who comes after. */

import { isOthers, save, forget } from '/web/engine/identity.js';
import * as drafts from '/web/engine/drafts.js';
import { shared } from '/web/engine/keep.js';
import { recall } from '/web/engine/recent.js';
import { Room } from '/web/engine/room.js';
import { RoomView } from '/web/engine/view.js';
import { equal, event, log, test } from './check.js';

test('what an account left is not for another name, and what a guest left is for the same person later', () => {
  save({ id: '1', name: 'Ann', guest: false });
  equal([isOthers('ann'), isOthers('Bo')], [false, true]);
  save({ id: '1', name: 'Ann', guest: true });
  equal(isOthers('Bo'), false);
});

test('a draft that is taken over from a closed tab still answers what it answered', () => {
  shared.set('writing.gone.garden', 'Yes');
  shared.set('answering.gone', { garden: { seq: 7, by: 'Bo', text: 'Shall I?' }, shed: { seq: 9, by: 'Cy', text: 'Really?' } });
  const taken = [];
  drafts.heir.answers = (room, answered) => taken.push([room, answered.seq]);
  equal([drafts.adopt(() => false), taken, shared.names('answering.')], [['garden'], [['garden', 7]], []]);
});

test('what was said in another tab is no draft in this one, and anything else is', () => {
  const room = new Room(new RoomView('garden'));
  room.draft = 'Transfer 500 ';
  room.saidElsewhere(event(1, { text: 'Transfer 50' }));
  equal(room.draft, 'Transfer 500 ');
  room.saidElsewhere(event(2, { text: 'Transfer 500' }));
  equal(room.draft, '');
});

test('what was kept of a room is shown until the server says what there is, and gone with the person who read it', () => {
  shared.set('recent.garden', log(3));
  const room = new Room(new RoomView('garden'));
  room.recall();
  equal([room.stretch.kept, room.stretch.events.map((one) => one.seq)], [true, [1, 2, 3]]);
  room.stretch.begin(log(5), 5);
  equal(room.stretch.kept, false);
  globalThis.fetch = async () => ({ ok: true }); // by which the browser forgets, too
  forget();
  equal(recall('garden'), []);
});

test('what was kept of a room that can no longer be entered is shown no longer', () => {
  shared.set('recent.garden', log(3));
  const room = new Room(new RoomView('garden'));
  room.recall();
  room.refuses('Not now.', true);
  equal(room.stretch.events.length, 3);
  room.refuses('There is no room "garden".', false);
  equal([room.stretch.events.length, recall('garden')], [0, []]);
});
