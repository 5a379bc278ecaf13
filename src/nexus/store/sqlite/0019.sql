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

-- Rooms that are being made out of others, with what was said there: nobody belongs to them yet. copied is up to where the
-- log was copied, begun where that of the other one ended when it began; history whether it is copied at all.
CREATE TABLE copies (
  room INTEGER PRIMARY KEY,
  source INTEGER NOT NULL,
  maker INTEGER NOT NULL,
  history INTEGER NOT NULL,
  begun INTEGER NOT NULL,
  copied INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Up to where a room's log was copied from another's, when it was made.
ALTER TABLE rooms ADD COLUMN copied INTEGER NOT NULL DEFAULT 0;
