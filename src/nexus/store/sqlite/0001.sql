CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch TEXT NOT NULL,
  key BLOB NOT NULL,
  run INTEGER NOT NULL
) STRICT;

CREATE TABLE rooms (
  id INTEGER PRIMARY KEY CHECK (id < 1 << 22),
  name TEXT NOT NULL UNIQUE,
  skeleton TEXT NOT NULL UNIQUE,
  topic TEXT NOT NULL DEFAULT '',
  made INTEGER NOT NULL
) STRICT;

-- id is room << 40 | seq: the events of a room lie side by side, in order, and (room, seq) needs no index.
-- "by" is a guest's name when it was said; an account's name of today is in accounts.
CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  author INTEGER NOT NULL,
  "by" TEXT,
  nonce TEXT,
  target INTEGER,
  text TEXT NOT NULL
) STRICT;

-- The author first and the room last: nonces that grow per author then touch one page per author.
CREATE UNIQUE INDEX events_by_nonce ON events (author, nonce, id >> 40) WHERE nonce IS NOT NULL;

CREATE TABLE accounts (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  key TEXT NOT NULL UNIQUE,
  skeleton TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  hash TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;

-- AUTOINCREMENT, because a login is named by its id: the next one must not inherit that of an ended one.
CREATE TABLE logins (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL,
  digest BLOB NOT NULL UNIQUE,
  client TEXT NOT NULL,
  created INTEGER NOT NULL,
  used INTEGER NOT NULL
) STRICT;

CREATE INDEX logins_by_account ON logins (account);

-- A guest's session has a name, an account's has the account.
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  name TEXT,
  key TEXT UNIQUE,
  skeleton TEXT UNIQUE,
  account INTEGER,
  login INTEGER
) STRICT;

CREATE INDEX sessions_by_login ON sessions (login) WHERE login IS NOT NULL;

CREATE TABLE members (
  account INTEGER NOT NULL,
  room INTEGER NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (account, room)
) STRICT, WITHOUT ROWID;

CREATE INDEX members_by_room ON members (room, account);

CREATE TABLE marks (
  reader INTEGER NOT NULL,
  room INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (reader, room)
) STRICT, WITHOUT ROWID;
