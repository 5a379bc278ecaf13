/** Reading history into a stretch: as far back as it takes to show something, and no farther. */

import { Reading } from '/web/engine/reading.js';
import { Refusal } from '/web/engine/connection.js';
import { Room } from '/web/engine/room.js';
import { RoomView } from '/web/engine/view.js';
import { equal, event, historyOf, log, test } from './check.js';

const REACTED = { type: 'reacted', target: 1, emoji: '👍', text: undefined };

/** A room whose head is known, and what reads its history. */
function opened(events) {
  const room = new Room(new RoomView('garden'));
  const head = events.at(-1);
  room.view.enter({ name: 'garden', head: head?.seq ?? 0, at: head?.at ?? 0, online: 1, member: false });
  const ask = historyOf(events);
  return { room, ask, reading: new Reading(ask) };
}

test('the newest page is read once', async () => {
  const { room, ask, reading } = opened(log(100));
  await reading.newest(room);
  equal([room.stretch.events.length, room.stretch.last, ask.count], [40, 100, 1]);
});

test('behind a thousand reactions the messages are found', async () => {
  const { room, ask, reading } = opened(log(1030, (seq) => (seq > 30 ? REACTED : {})));
  await reading.newest(room);
  equal(room.stretch.events.length >= 10, true);
  equal(ask.count < 10, true);
});

test('behind ten thousand edits the message is found, and nothing is asked without end', async () => {
  const { room, ask, reading } = opened(log(10001, (seq) => (seq > 1 ? { type: 'edited', target: 1, text: `e${seq}` } : {})));
  await reading.newest(room);
  equal(room.stretch.events.map((one) => one.seq), [1]);
  equal([room.stretch.older, ask.count < 60], [false, true]);
  await reading.older(room);
  equal(ask.count < 60, true);
});

test('older pages are read until something more is shown', async () => {
  const { room, reading } = opened(log(500, (seq) => (seq > 100 && seq <= 400 ? REACTED : {})));
  await reading.newest(room);
  for (let tries = 0; tries < 4; tries += 1) await reading.older(room);
  equal([room.stretch.events[0].seq < 100, room.stretch.events.at(-1).seq], [true, 500]);
});

test('what came while a page was on its way is there as well', async () => {
  const { room, reading } = opened(log(50));
  const done = reading.newest(room);
  room.view.rewind();
  room.view.apply(room.messages.take([event(51)])[0]);
  await done;
  equal([room.stretch.last, room.stretch.newer], [51, false]);
});

test('around an event lies what is before and after it', async () => {
  const { room, reading } = opened(log(500));
  await reading.around(room, 250);
  equal([room.stretch.first <= 250, room.stretch.last >= 250, room.stretch.newer], [true, true, true]);
});

test('newer pages are read until something more is shown', async () => {
  const { room, ask, reading } = opened(log(2000, (seq) => (seq > 100 && seq <= 1900 ? REACTED : {})));
  await reading.around(room, 50);
  await reading.newer(room);
  await reading.newer(room);
  equal(room.stretch.events.at(-1).seq > 1900, true);
  equal(ask.count < 15, true);
});

test('around a message among a thousand reactions lies what was said before and after it', async () => {
  const { room, reading } = opened(log(2000, (seq) => (seq > 500 && seq <= 1500 && seq !== 1000 ? REACTED : {})));
  await reading.around(room, 1000);
  const seqs = room.stretch.events.map((one) => one.seq);
  equal([seqs[0] <= 500, seqs.includes(1000), seqs.at(-1) > 1500], [true, true, true]);
});

test('a page that was refused is told, and asked for again only when one looks there again', async () => {
  const { room, reading } = opened(log(100));
  let asked = 0;
  reading.ask = async () => {
    asked += 1;
    throw new Refusal('too_fast', 'Not so fast.', 1);
  };
  await reading.newest(room);
  equal([asked, room.trouble, room.reading.size], [1, 'Not so fast.', 0]);
});

test('two who ask for the same page at once get it once', async () => {
  const { room, ask, reading } = opened(log(200));
  await Promise.all([reading.newest(room), reading.newest(room)]);
  await Promise.all([reading.older(room), reading.older(room)]);
  equal([ask.count, room.stretch.events.length], [2, 80]);
});

test('where as much is shown as there may be, looking farther reads one page', async () => {
  const { room, ask, reading } = opened(log(3000));
  await reading.around(room, 1500);
  for (let tries = 0; tries < 10; tries += 1) await reading.older(room);
  const asked = ask.count;
  await reading.older(room);
  await reading.newer(room);
  equal([ask.count, room.stretch.events.length], [asked + 2, 300]);
});
