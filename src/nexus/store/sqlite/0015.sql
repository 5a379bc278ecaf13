-- What people report to the moderators: a copy of the message and of some around it, as they were then. It is erased some time
-- after it is settled; until then it outlives the messages, which is what it is for.
CREATE TABLE reports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  "by" INTEGER NOT NULL,
  name TEXT NOT NULL,
  room INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  author INTEGER NOT NULL,
  reason TEXT NOT NULL,
  copy TEXT NOT NULL,
  settled INTEGER NOT NULL DEFAULT 0,
  outcome TEXT NOT NULL DEFAULT '',
  settler INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX reports_open ON reports (id) WHERE settled = 0;
CREATE UNIQUE INDEX reports_once ON reports ("by", room, seq);
