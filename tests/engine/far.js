/** An account with many rooms is in few of them, and knows what is unread in all. */

import { NEAR } from '/web/engine/known.js';
import { equal, event, test } from './check.js';
import { Server, settled } from './server.js';
import { Client } from '/web/engine/client.js';

const MANY = 500;

const nameOf = (number) => `room${String(number).padStart(3, '0')}`;

/** Rooms of which the last was active most recently. */
function manyRooms(count = MANY) {
  return Array.from({ length: count }, (_, at) => ({ name: nameOf(at), head: 9, at: 1000 + at, online: 1, member: true, read: 9, unread: 0, mentions: 0, level: 'everything' }));
}

/** Ann, who belongs to many rooms. */
async function visitMany(rooms = manyRooms(), answers = {}) {
  localStorage.clear();
  sessionStorage.clear();
  const of = ({ room }) => ({ room: rooms.find((one) => one.name === room), here: ['Ann'], online: 1 });
  const you = { name: 'Ann', role: 'member', guest: false };
  const server = new Server([], { hello: () => ({ you, rooms }), join: of, rooms: () => ({ rooms }), ...answers });
  const client = new Client('ws://engine.test/ws');
  client.login('Ann', 'secret');
  await settled();
  return { client, server };
}

const news = (room, posts) => ({ type: 'news', room, last: { seq: posts.at(-1).seq, at: 5000 }, posts });

test('of many rooms few are entered, those with the newest messages', async () => {
  const { client, server } = await visitMany();
  equal([client.rooms.all.length, server.count('join')], [MANY, NEAR]);
  const asked = server.asked.filter((one) => one.type === 'join').map((one) => one.room);
  equal(asked.sort(), Array.from({ length: NEAR }, (_, at) => nameOf(MANY - NEAR + at)));
});

test('to know many rooms is one look at what was kept, not one for each', async () => {
  let writes = 0;
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = function counted(...args) {
    writes += 1;
    return setItem.apply(this, args);
  };
  try {
    await visitMany();
  } finally {
    Storage.prototype.setItem = setItem;
  }
  equal(writes < 50, true);
});

test('what is said in a room that was not entered is unread there, and mentions count', async () => {
  const { client, server } = await visitMany();
  server.says(news('room000', [{ seq: 10, by: 'Bo' }, { seq: 11, by: 'Ann' }, { seq: 12, by: 'Bo', mentions: ['Ann'] }]));
  const { view } = client.rooms.get('room000');
  equal([view.unread, view.mentions, view.head, client.rooms.due], [2, 1, 12, 2]);
  server.says({ type: 'read', room: 'room000', seq: 12, head: 12, unread: 0, mentions: 0 });
  equal([view.unread, client.rooms.due], [0, 0]);
});

test('a room is entered as one opens it, and its counts are those of before', async () => {
  const { client, server } = await visitMany();
  server.says(news('room000', [{ seq: 10, by: 'Bo' }]));
  const room = client.rooms.get('room000');
  server.answers.history = () => ({ events: [{ ...event(10, { by: 'Bo' }), room: 'room000' }] });
  server.answers.join = () => ({ room: { ...manyRooms(1)[0], head: 10, unread: 1 }, here: ['Ann'], online: 1 });
  client.rooms.show(room);
  await settled();
  equal([room.joined, room.view.unread, room.line, room.stretch.events.length], [true, 1, 9, 1]);
});

test('a new connection goes on in the rooms that are near, and in no more', async () => {
  const { client, server } = await visitMany();
  for (let number = 0; number < NEAR + 5; number += 1) {
    client.rooms.show(client.rooms.get(nameOf(number)));
    await settled();
  }
  server.socket.onclose();
  dispatchEvent(new Event('online'));
  await settled();
  const hello = server.asked.findLast((one) => one.type === 'hello');
  equal(Object.keys(hello.resume).length, NEAR);
  equal(client.rooms.current.name in hello.resume, true);
});

test('what waits to be said in a room makes one enter it', async () => {
  const { client, server } = await visitMany();
  const room = client.rooms.get('room000');
  client.outbox.add('room000', { text: 'waits' });
  server.socket.onclose();
  dispatchEvent(new Event('online'));
  await settled();
  await settled();
  equal([room.joined, server.asked.filter((one) => one.type === 'post').map((one) => one.text)], [true, ['waits']]);
});

test('a room that was not entered is left all the same', async () => {
  const { client, server } = await visitMany();
  await client.rooms.leave(client.rooms.get('room000'));
  equal(server.asked.slice(-2).map((one) => [one.type, one.room]), [['join', 'room000'], ['leave', 'room000']]);
  equal(client.rooms.get('room000'), undefined);
});

test('a guest is in all of their rooms, since they hear of no others', async () => {
  localStorage.clear();
  localStorage.setItem('nexus.rooms', JSON.stringify(manyRooms(30).map((one) => one.name)));
  const of = ({ room }) => ({ room: manyRooms(30).find((one) => one.name === room), here: [], online: 1 });
  const server = new Server([], { hello: () => ({ you: { name: 'Cy', role: 'guest', guest: true }, rooms: [] }), join: of, rooms: () => ({ rooms: [] }) });
  const client = new Client('ws://engine.test/ws');
  client.begin('Cy');
  await settled();
  equal([client.rooms.all.length, server.count('join')], [30, 30]);
});
