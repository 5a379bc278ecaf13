-- Which messages reply to one, the newest first.
CREATE INDEX events_by_reply ON events (place >> 40, target, place) WHERE kind = 1 AND target IS NOT NULL;
