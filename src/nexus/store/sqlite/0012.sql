-- Who may say nothing, and who may not come in. until is 0 for good; act is the one that did it, so that it can be undone.
CREATE TABLE mutes (author INTEGER PRIMARY KEY, until INTEGER NOT NULL, act INTEGER NOT NULL) STRICT;

CREATE TABLE bans (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  author INTEGER NOT NULL,
  address TEXT NOT NULL,
  until INTEGER NOT NULL,
  act INTEGER NOT NULL
) STRICT;

CREATE INDEX bans_by_author ON bans (author);

-- target is the author an act was done to, name what they were called; before is what an undoing goes back to, undoes the
-- act that this one took back.
ALTER TABLE acts ADD COLUMN target INTEGER NOT NULL DEFAULT 0;
ALTER TABLE acts ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE acts ADD COLUMN until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE acts ADD COLUMN before TEXT NOT NULL DEFAULT '';
ALTER TABLE acts ADD COLUMN undoes INTEGER;

CREATE UNIQUE INDEX acts_by_undone ON acts (undoes) WHERE undoes IS NOT NULL;

-- There was no owner before: the first administrator is one now.
UPDATE accounts SET role = 'owner' WHERE id = (SELECT min(id) FROM accounts WHERE role = 'admin');
