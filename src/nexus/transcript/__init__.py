"""The transcripts: a text file per room and day, derived from the log."""
