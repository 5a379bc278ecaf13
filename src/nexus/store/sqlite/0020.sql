-- Where guests came from, so that moderators can send away who left and comes back; kept for some days, and shown to nobody.
CREATE TABLE origins (
  author INTEGER PRIMARY KEY,
  address TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE INDEX origins_by_address ON origins (address, at);
CREATE INDEX origins_by_time ON origins (at);
