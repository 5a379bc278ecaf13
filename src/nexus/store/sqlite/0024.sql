-- When somebody last said something in a room that is slowed, as long as they have to wait.
CREATE TABLE spoke (
  room INTEGER NOT NULL,
  author INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (room, author)
) STRICT, WITHOUT ROWID;

CREATE INDEX spoke_by_time ON spoke (room, at);
