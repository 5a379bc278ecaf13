-- What events of some kinds have beyond the columns of all, as JSON; NULL where there is nothing, as for messages.
ALTER TABLE events ADD COLUMN data TEXT;
