-- Whose bot an account is; 0 where it is a person's own.
ALTER TABLE accounts ADD COLUMN owner INTEGER NOT NULL DEFAULT 0;
CREATE INDEX bots ON accounts (owner) WHERE owner > 0;
