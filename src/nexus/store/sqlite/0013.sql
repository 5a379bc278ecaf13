-- What moderators hid. purged keeps of each message what takes it back, until that is not possible any more; the message
-- itself is stored as one that was deleted. purges are those acts: state 0 is being done, 1 done, 2 being taken back, 3 taken
-- back. room is 0 for all rooms.
CREATE TABLE purges (
  act INTEGER PRIMARY KEY,
  author INTEGER NOT NULL,
  room INTEGER NOT NULL,
  since INTEGER NOT NULL,
  state INTEGER NOT NULL
) STRICT;

CREATE TABLE purged (
  message INTEGER PRIMARY KEY,
  act INTEGER NOT NULL,
  author INTEGER NOT NULL,
  kept TEXT NOT NULL
) STRICT;

CREATE INDEX purged_by_act ON purged (act, message);
CREATE INDEX purged_by_author ON purged (author);
