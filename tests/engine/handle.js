/** The first screen takes the name that people have, and makes one of it that can be mentioned. */

import { handleOf } from '/web/engine/handle.js';
import { equal, test } from './check.js';

test('a name of several words is one with its words', () => {
  equal(['Ann Okafor', '  Ann   Okafor ', 'Seán O’Brien', 'J. R. R. Tolkien', 'María José', 'Ann (she)', 'أمل حسن'].map(handleOf),
    ['Ann-Okafor', 'Ann-Okafor', 'Seán-OBrien', 'J-R-R-Tolkien', 'María-José', 'Ann-she', 'أمل-حسن']);
});

test('a name that could be one stays as it was typed, and the server says what is wrong with it', () => {
  equal(['Ann', 'ann.okafor', 'a b'.repeat(30).length > 32, 'x@y'].map((one) => (typeof one === 'string' ? handleOf(one) : one)), ['Ann', 'ann.okafor', true, 'x@y']);
  equal([...handleOf('word '.repeat(20))].length <= 32, true);
  equal(handleOf('word '.repeat(20)).endsWith('-'), false);
});
