-- Names that rooms had: each leads to its room until another one takes it. renamed tells whether a room had others; folder is
-- what its transcripts are kept under, where that is not its name.
CREATE TABLE former (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  skeleton TEXT NOT NULL,
  room INTEGER NOT NULL
) STRICT;

CREATE INDEX former_by_skeleton ON former (skeleton);
CREATE INDEX former_by_room ON former (room);

ALTER TABLE rooms ADD COLUMN renamed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rooms ADD COLUMN folder TEXT;

CREATE UNIQUE INDEX rooms_by_folder ON rooms (folder) WHERE folder IS NOT NULL;
