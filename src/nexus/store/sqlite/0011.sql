-- What a room is: 'open', 'private' or 'direct'. Only open rooms have names that people chose; the name of another is an
-- id that the server made, its title is what people read. maker is the account that made it, people who is in a direct
-- room: their accounts, in order.
ALTER TABLE rooms ADD COLUMN kind TEXT NOT NULL DEFAULT 'open';
ALTER TABLE rooms ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE rooms ADD COLUMN posting TEXT NOT NULL DEFAULT 'everyone';
ALTER TABLE rooms ADD COLUMN slow INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN guests TEXT NOT NULL DEFAULT 'talk';
ALTER TABLE rooms ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN maker INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN people TEXT;

CREATE INDEX rooms_closed ON rooms (id) WHERE kind <> 'open';
CREATE UNIQUE INDEX rooms_by_people ON rooms (people) WHERE people IS NOT NULL;

-- What someone is in a room: 'member', 'moderator' or 'owner'. hidden is where a direct room ended when they left it: it
-- is theirs again with the next message.
ALTER TABLE members ADD COLUMN role TEXT NOT NULL DEFAULT 'member';
ALTER TABLE members ADD COLUMN hidden INTEGER;

-- Guests who were taken out of a room.
CREATE TABLE removed (
  room INTEGER NOT NULL,
  author INTEGER NOT NULL,
  PRIMARY KEY (room, author)
) STRICT, WITHOUT ROWID;
