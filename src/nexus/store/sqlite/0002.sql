-- Events in the order in which they were stored: a group then writes a few pages, however many rooms it is for.
-- place is room << 40 | seq, so that the events of a room are one range of a small index.
CREATE TABLE stored (
  id INTEGER PRIMARY KEY,
  place INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  author INTEGER NOT NULL,
  "by" TEXT,
  nonce TEXT,
  target INTEGER,
  text TEXT NOT NULL
) STRICT;

INSERT INTO stored (place, at, kind, author, "by", nonce, target, text)
SELECT id, at, kind, author, "by", nonce, target, text FROM events ORDER BY id;

DROP TABLE events;
ALTER TABLE stored RENAME TO events;

CREATE UNIQUE INDEX events_by_place ON events (place);

-- The nonce first: those that begin with the time, as our clients' do, then stand at the end of the index.
CREATE UNIQUE INDEX events_by_nonce ON events (nonce, author, place >> 40) WHERE nonce IS NOT NULL;
