-- The words of messages. A row is a message's, under the id of its event; nothing but the index is kept, so that a
-- text is in the database once. "about" has words of our own: the room, the author, whether there is a link.
-- The texts come here as core/searching.py reads them, in lower case and without accents: there is nothing left to do
-- for the tokenizer but to split at spaces.
CREATE VIRTUAL TABLE words USING fts5(said, about, content='', columnsize=0, tokenize="ascii tokenchars '_'");

-- upto is the id of the newest event whose words are there, letters the version of Unicode by which they were read.
-- stale tells that words were taken out that may still stand in a part of the index that waits to be merged.
CREATE TABLE indexed (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  upto INTEGER NOT NULL,
  letters TEXT NOT NULL,
  stale INTEGER NOT NULL
) STRICT;

INSERT INTO indexed VALUES (1, 0, '', 0);

-- The few messages that are pinned, so that nobody looks for them among all that were edited or reacted to.
CREATE INDEX amended_by_pin ON amended (place, pinned) WHERE pinned > 0;
