-- Whether a reader keeps a room at hand, on all their devices.
ALTER TABLE marks ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0;
