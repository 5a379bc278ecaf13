/** When the page comes back by itself: as the server's table of codes says. */

import { Connection } from '/web/engine/connection.js';
import { Conversation } from '/web/engine/conversation.js';
import { isTemporary } from '/web/engine/codes.js';
import { equal, fakeSockets, test } from './check.js';

/** A connection whose hello was said, and what its listener heard. */
function connected() {
  const sockets = fakeSockets();
  const heard = [];
  const listener = {
    greeted: () => heard.push('greeted'),
    event: (event) => heard.push(event.type),
    lost: () => heard.push('lost'),
    ended: (why, code) => heard.push(`ended ${code}`),
  };
  const connection = new Connection('ws://engine.test/ws', new Conversation({ id: '1', name: 'Ann', guest: true }), listener);
  connection.connect();
  sockets[0].opens();
  return { connection, sockets, heard };
}

test('a hello that is refused for now is said again', () => {
  const { connection, sockets, heard } = connected();
  sockets[0].says({ type: 'refused', ref: 'hello', code: 'internal', message: 'Not now.' });
  equal(heard, ['lost']);
  connection.connect();
  equal(sockets.length, 2);
  connection.close();
});

test('a hello that is refused for good ends it', () => {
  const { connection, sockets, heard } = connected();
  sockets[0].says({ type: 'refused', ref: 'hello', code: 'name_taken', message: 'Taken.' });
  connection.connect();
  equal([heard, sockets.length], [['ended refused'], 1]);
});

test('after a goodbye that is temporary one comes back', () => {
  const { connection, sockets, heard } = connected();
  sockets[0].says({ type: 'done', ref: 'hello' });
  sockets[0].says({ type: 'goodbye', code: 'restarting', reason: 'Back soon.', retry_after: 0.2 });
  equal(heard, ['greeted', 'lost']);
  connection.close();
});

test('after a goodbye for good one stays away', () => {
  const { connection, sockets, heard } = connected();
  sockets[0].says({ type: 'done', ref: 'hello' });
  sockets[0].says({ type: 'goodbye', code: 'revoked', reason: 'The login was revoked.' });
  connection.connect();
  equal([heard, sockets.length], [['greeted', 'ended revoked'], 1]);
});

test('a code of a later version is taken by its retry_after', () => {
  equal([isTemporary('asleep', 3), isTemporary('asleep'), isTemporary('revoked', 3)], [true, false, false]);
  equal(['unavailable', 'too_fast', 'too_many', 'internal'].every((code) => isTemporary(code)), true);
});

test('a reply goes to the code that asked, and a refusal tells whether to try again', async () => {
  const { connection, sockets } = connected();
  sockets[0].says({ type: 'done', ref: 'hello' });
  const asked = connection.ask('ping');
  const refused = connection.ask('join', { room: 'garden' }).catch((why) => why);
  const [, ping, join] = sockets[0].sent;
  sockets[0].says({ type: 'done', ref: ping.ref, seq: 7 });
  sockets[0].says({ type: 'refused', ref: join.ref, code: 'unavailable', message: 'Not now.', retry_after: 2 });
  equal([(await asked).seq, (await refused).code, (await refused).temporary, (await refused).retryAfter], [7, 'unavailable', true, 2]);
  connection.close();
});

test('what was asked on a connection that is gone is answered by that', async () => {
  const { connection, sockets } = connected();
  sockets[0].says({ type: 'done', ref: 'hello' });
  const asked = connection.ask('ping').catch((why) => why.constructor.name);
  sockets[0].onclose();
  equal(await asked, 'Offline');
  connection.close();
});

test('a connection that is swallowed on its way counts as one that cannot be made, and tells as much as two', () => {
  const [timers, real] = [[], globalThis.setTimeout];
  globalThis.setTimeout = (then, after) => timers.push([after, then]);
  const sockets = fakeSockets();
  const lost = [];
  const listener = { greeted: () => {}, event: () => {}, lost: (why) => lost.push(why.weight), ended: () => {} };
  const connection = new Connection('ws://engine.test/ws', new Conversation({ id: '1', name: 'Ann', guest: true }), listener);
  connection.connect();
  globalThis.setTimeout = real;
  for (const [, then] of timers) then();
  connection.close();
  equal([lost, sockets[0].closed], [[2], 1000]);
});
