-- Invitations to a room, and who made one; by is 0 for the operator. What came of each is kept.
ALTER TABLE invites ADD COLUMN room INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invites ADD COLUMN "by" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE invited (
  invite INTEGER NOT NULL,
  account INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (invite, account)
) STRICT, WITHOUT ROWID;
