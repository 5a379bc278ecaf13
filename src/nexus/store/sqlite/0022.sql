-- A limited account finds only the rooms that it belongs to, and the people in them. An invitation may make such accounts;
-- room_role is what it makes people in the room that it leads into.
ALTER TABLE accounts ADD COLUMN limited INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invites ADD COLUMN limited INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invites ADD COLUMN room_role TEXT NOT NULL DEFAULT 'member';
