-- Whether an account's session began as a guest's: then what that guest said, and its nonces, are this author's too.
ALTER TABLE sessions ADD COLUMN guest INTEGER NOT NULL DEFAULT 0;

-- Sessions of guests who logged out: their secrets, which are signatures and cannot be changed, are worth nothing.
CREATE TABLE retired (session INTEGER PRIMARY KEY) STRICT;
