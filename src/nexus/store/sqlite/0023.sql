-- Rooms that were deleted. All that belongs to one stays where it is, but for its row in rooms: without that nothing of it is
-- read. kept is that row as JSON, until it cannot come back any more; so long nobody else takes its name. folder
-- is what its transcripts were kept under. state is 0 while it is
-- kept, 1 while its texts are being erased (those up to the place erased are), 2 when nothing is left but its number, which no
-- other room gets.
CREATE TABLE destroyed (
  room INTEGER PRIMARY KEY,
  act INTEGER NOT NULL,
  at INTEGER NOT NULL,
  name TEXT UNIQUE,
  skeleton TEXT UNIQUE,
  folder TEXT,
  kept TEXT NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,
  erased INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX destroyed_by_state ON destroyed (state, at);

-- room is what an act was done to, or in, where it was about one.
ALTER TABLE acts ADD COLUMN room INTEGER NOT NULL DEFAULT 0;

CREATE INDEX acts_by_room ON acts (room, id) WHERE room <> 0;
