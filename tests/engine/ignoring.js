/** Whom one ignores, as the server tells it; the same as tests/client/test_conversation.py has it. */

import { Conversation } from '/web/engine/conversation.js';
import { rowsOf } from '/web/page/timeline/rows.js';
import { equal, test } from './check.js';

const ANN = { name: 'Ann', role: 'guest', guest: true };
const IGNORED = [{ person: 'a2', name: 'Bo' }, { person: 'g1', name: 'Dot', guest: true }];

function posted(seq, by = 'Bo', more = {}) {
  return { type: 'posted', room: 'garden', seq, at: 1000 + seq, by, text: `m${seq}`, ...more };
}

function greeted() {
  const talk = new Conversation({ id: 'x', name: 'Ann', guest: true });
  talk.greeted({ type: 'done', ref: 'hello', you: ANN, ignored: IGNORED });
  return talk;
}

test('what the ignored say is unread for nobody and hidden under every name', () => {
  const { ignoring, ...talk } = greeted();
  const view = greeted().view('garden');
  const said = [posted(1, 'Bo', { here: true }), posted(2, 'Dot', { here: true }), posted(3, 'Dot', { here: true, guest: true })];
  for (const event of said) view.apply(event);
  equal([view.unread, view.mentions], [1, 1]);
  equal(said.map((event) => ignoring.hides(event)), [true, false, true]);
  ignoring.renamed({ from: 'Bo', to: 'Zoe' });
  equal([ignoring.hides(posted(4, 'Zoe')), ignoring.hides(posted(4, 'Bo'))], [true, false]);
  equal(ignoring.hear({ type: 'unignored', person: 'a2' }), true);
  equal(ignoring.hear({ type: 'ignored', person: 'a3', name: 'Cy' }), true);
  equal(ignoring.hear({ type: 'typing' }), false);
  equal(['Zoe', 'Cy'].map((by) => ignoring.hides(posted(5, by))), [false, true]);
  ignoring.show([posted(5, 'Cy')]);
  equal(ignoring.hides(posted(5, 'Cy')), false);
  equal(talk.you, ANN);
});

test('who logs in ignores whom the account ignores', () => {
  const talk = greeted();
  const you = { name: 'Ann', role: 'member', guest: false };
  talk.becomes({ type: 'done', ref: 1, you, preferences: { directs: 'nobody' } });
  equal([talk.ignoring.people, talk.ignoring.directs], [[], 'nobody']);
});

test('hidden messages that follow each other are one row, and no new ones', () => {
  const { ignoring } = greeted();
  const events = [posted(1, 'Cy'), posted(2), posted(3), posted(4, 'Cy'), posted(5)];
  const isNew = (event) => !ignoring.has(event);
  const rows = rowsOf(events, 1, isNew, (event) => ignoring.hides(event)).filter((row) => row.kind !== 'day');
  equal(rows.map((row) => row.kind), ['event', 'ignored', 'new', 'event', 'ignored']);
  equal(rows[1].events.map((event) => event.seq), [2, 3]);
});
