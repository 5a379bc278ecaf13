-- What is counted of a stretch of a room's log (kinds, and whose) stands in the index, so that nobody reads whole rows for it.
-- A seq is taken from the room's newest event in the transaction that stores the next one.
DROP INDEX events_by_place;
CREATE UNIQUE INDEX events_by_place ON events (place, kind, author);
