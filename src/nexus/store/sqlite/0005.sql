-- Whom a message mentions, decided when it was stored: an account's id, a guest's session id negated, or 0 for everyone
-- who has the room. author is the message's; name is a guest's name when it was said. An event's mentions is how many
-- rows it has here, so that reading those without any costs nothing.
ALTER TABLE events ADD COLUMN mentions INTEGER NOT NULL DEFAULT 0;

CREATE TABLE mentions (
  reader INTEGER NOT NULL,
  place INTEGER NOT NULL,
  author INTEGER NOT NULL,
  name TEXT,
  PRIMARY KEY (reader, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX mentions_by_place ON mentions (place);

-- About what of a room a reader wants to be told: 'everything', 'mentions' or 'nothing'.
ALTER TABLE marks ADD COLUMN level TEXT NOT NULL DEFAULT 'everything';
