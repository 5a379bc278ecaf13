/** What happens to a message is seen wherever it is shown, at once. */

import { equal, event, log, test } from './check.js';
import { settled, visit } from './server.js';

const THUMB = '👍';

/** A room whose first message is on the timeline, among the pins, found by a search and quoted. */
async function everywhere() {
  const pinned = { ...event(1), pinned: true, changed: 3, mentions: ['Bo'] };
  const answers = { pins: () => ({ events: [pinned] }), search: () => ({ hits: [pinned], more: false }) };
  const { client, room, server } = await visit([pinned, event(2, { by: 'Bo', reply_to: 1 }), event(3, { type: 'pinned', target: 1 })], answers);
  await client.search.find('m1');
  const shown = () => [room.stretch.events[0], room.pinned[0], client.search.hits[0], room.message(1)];
  return { client, room, server, shown };
}

test('an edit is seen on the timeline, among the pins, in the search and in quotes', async () => {
  const { server, shown } = await everywhere();
  server.tells({ type: 'edited', target: 1, text: 'new' });
  equal(shown().map((one) => one.text), ['new', 'new', 'new', 'new']);
});

test('a reaction is seen on the timeline, among the pins, in the search and in quotes', async () => {
  const { server, shown } = await everywhere();
  server.tells({ type: 'reacted', target: 1, emoji: THUMB, by: 'Bo' });
  equal(shown().map((one) => one.reactions[THUMB].length), [1, 1, 1, 1]);
});

test('a new name is seen on the timeline, among the pins, in the search and in quotes', async () => {
  const { server, shown } = await everywhere();
  server.says({ type: 'renamed', from: 'Ann', to: 'Anna' });
  server.says({ type: 'renamed', from: 'Bo', to: 'Bob' });
  equal(shown().map((one) => [one.by, one.mentions[0]]), Array(4).fill(['Anna', 'Bob']));
});

test('a deleted message is neither pinned nor found, and its text is nowhere', async () => {
  const { client, room, server } = await everywhere();
  server.tells({ type: 'deleted', target: 1 });
  equal([room.pinned.length, client.search.hits.length], [0, 0]);
  equal([room.stretch.events[0].text, room.message(1).text], ['', '']);
});

test('a message that is unpinned is no longer among the pins', async () => {
  const { room, server } = await everywhere();
  server.tells({ type: 'unpinned', target: 1 });
  equal([room.pinned.length, room.pins.length], [0, 0]);
});

test('a message that was pinned stays among the pins when the timeline has moved on', async () => {
  const { room, server } = await visit(log(3));
  server.tells({ type: 'pinned', target: 2 });
  for (let count = 0; count < 1200; count += 1) server.tells({});
  equal([room.stretch.first > 2, room.pinned.map((one) => one.seq)], [true, [2]]);
  equal(server.count('pins'), 1);
});

test('a message that nobody shows is asked for when it is pinned', async () => {
  const { server } = await visit(log(500));
  server.tells({ type: 'pinned', target: 2 });
  await settled();
  equal(server.count('pins'), 2);
});

test('a message that a search found before it was heard of is the one on the timeline', async () => {
  const { client, room, server } = await visit(log(3), { search: () => ({ hits: [event(4)], more: false }) });
  await client.search.find('m4');
  server.tells({});
  equal(room.stretch.events.at(-1) === client.search.hits[0], true);
});

test('a new name is on lines that history brought, whatever they say', async () => {
  const { room, server } = await visit([event(1, { type: 'joined' }), event(2)]);
  server.says({ type: 'renamed', from: 'Ann', to: 'Anna' });
  equal(room.stretch.events.map((one) => one.by), ['Anna', 'Anna']);
});

test('a name that changed while one was away is on what is read again', async () => {
  const { room } = await visit(log(3));
  room.messages.take([event(2, { by: 'Anna' })]);
  equal(room.stretch.events[1].by, 'Anna');
});

test('a thousand reactions leave a room as it is, and nothing is asked', async () => {
  const { room, server } = await visit(log(30));
  const asked = server.count('history');
  for (let count = 0; count < 1000; count += 1) server.tells({ type: 'reacted', target: 30, emoji: THUMB, by: `P${count}` });
  await settled();
  equal([room.stretch.events.length, room.message(30).reactions[THUMB].length], [30, 1000]);
  equal(server.count('history'), asked);
});

test('after a room was replaced nothing of before is known', async () => {
  const { room, server } = await visit(log(3));
  server.log = [event(1, { text: 'other' })];
  server.says({ type: 'reset', room: 'garden' });
  await settled();
  equal([room.stretch.events.map((one) => one.text), room.message(2)], [['other'], undefined]);
});

test('a room that is left is left behind', async () => {
  const { client, room, server } = await visit(log(3));
  await client.rooms.leave(room);
  server.tells({});
  equal([client.rooms.get('garden'), client.rooms.current, client.rooms.noRoom], [undefined, null, 'gone']);
});

test('on a new connection a room goes on after what was seen of it', async () => {
  const { client, room, server } = await visit(log(3));
  server.tells({});
  server.socket.onclose();
  equal([client.online, room.joined], [false, false]);
  dispatchEvent(new Event('online')); // the network is back: connects at once
  await settled();
  equal([client.online, room.joined], [true, true]);
  equal(server.asked.findLast((command) => command.type === 'join').after, { seq: 4, at: 1004 });
});

test('a room that is renamed is the same room, with its draft and what waits for it', async () => {
  const { client, room, server } = await visit(log(3));
  room.draft = 'half a thought';
  server.answers.post = () => new Promise(() => {});
  client.amend(room, 1, 'react', { emoji: THUMB });
  const moves = [];
  client.rooms.onMove = (before, name) => moves.push([before, name]);
  server.says({ type: 'moved', room: 'meadow', from: 'garden' });
  server.says({ ...event(4, { type: 'configured', name: 'meadow', topic: '' }), room: 'meadow' });
  equal([client.rooms.get('meadow') === room, client.rooms.get('garden') === room, client.rooms.all.length], [true, true, 1]);
  equal([room.name, room.draft, room.view.head, client.outbox.changesIn('meadow').size], ['meadow', 'half a thought', 4, 1]);
  equal(moves, [['garden', 'meadow']]);
});

test('an old name leads to its room until another room has it', async () => {
  const { client, room, server } = await visit(log(1));
  server.says({ type: 'moved', room: 'meadow', from: 'garden' });
  server.answers.rooms = () => ({ rooms: [{ ...server.info, name: 'meadow' }, { ...server.info, name: 'garden', member: false }] });
  await client.rooms.lookAround();
  equal([client.rooms.get('garden'), client.rooms.get('meadow') === room], [undefined, true]);
});

test('a room that was renamed while one was away goes on under its name', async () => {
  const { client, room, server } = await visit(log(2));
  server.answers.hello = () => ({
    you: { name: 'Ann', role: 'member', guest: false }, session: 's', epoch: 'e', rooms: [{ ...server.info, name: 'meadow', former: ['garden'], here: ['Ann'] }],
  });
  server.answers.rooms = () => ({ rooms: [{ ...server.info, name: 'meadow', former: ['garden'] }] });
  server.socket.onclose();
  dispatchEvent(new Event('online'));
  await settled();
  equal([room.name, client.rooms.all.length, client.rooms.current === room], ['meadow', 1, true]);
});
