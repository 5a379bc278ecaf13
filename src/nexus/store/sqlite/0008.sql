-- Codes that an operator hands out; only their digests are kept. expires is 0 for never.
CREATE TABLE invites (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  digest BLOB NOT NULL UNIQUE,
  role TEXT NOT NULL,
  uses INTEGER NOT NULL,
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL
) STRICT;

CREATE TABLE resets (
  account INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  expires INTEGER NOT NULL
) STRICT;

-- Names that an account gave up: until then they are nobody else's.
CREATE TABLE held (
  key TEXT PRIMARY KEY,
  skeleton TEXT NOT NULL,
  name TEXT NOT NULL,
  account INTEGER NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX held_by_skeleton ON held (skeleton);

-- What was done to accounts; "by" is who did it, 0 for the operator. Nothing here is changed or deleted.
CREATE TABLE acts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  "by" INTEGER NOT NULL,
  verb TEXT NOT NULL,
  account INTEGER NOT NULL,
  detail TEXT NOT NULL
) STRICT;

CREATE INDEX sessions_by_account ON sessions (account) WHERE account IS NOT NULL;
