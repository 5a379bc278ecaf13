-- From where guests came whose messages a purge hides beside those of its author; empty where it is about that author alone.
ALTER TABLE purges ADD COLUMN address TEXT NOT NULL DEFAULT '';
