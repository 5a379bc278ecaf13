-- What became of messages that were edited, deleted, reacted to or pinned; a message to which nothing was done has
-- no row here, so that posting costs nothing. place is the message's, changed the seq of the last event about it.
-- edit is the place of the edit whose text is the message's now. A text that is no longer the message's is
-- overwritten in its event with as many NULs as it had bytes: a row that keeps its size moves no other row, and
-- of what SQLite moves a copy can stay in its old page.
CREATE TABLE amended (
  place INTEGER PRIMARY KEY,
  changed INTEGER NOT NULL,
  edit INTEGER,
  deleted INTEGER NOT NULL DEFAULT 0,
  pinned INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Of the texts that an edit replaced, by the seq of their event: enough to know a retry of it.
CREATE TABLE earlier (
  message INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  digest BLOB NOT NULL,
  PRIMARY KEY (message, seq)
) STRICT, WITHOUT ROWID;

-- "by" is a guest's name, as in events.
CREATE TABLE reactions (
  message INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  emoji TEXT NOT NULL,
  author INTEGER NOT NULL,
  "by" TEXT,
  PRIMARY KEY (message, seq)
) STRICT, WITHOUT ROWID;
