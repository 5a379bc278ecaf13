-- Whom people ignore. A guest's number is below zero, on either side; what a guest ignored ends with their session.
CREATE TABLE ignored (
  reader INTEGER NOT NULL,
  other INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (reader, other)
) STRICT, WITHOUT ROWID;

-- From whom an account gets direct messages: everyone, or nobody.
ALTER TABLE accounts ADD COLUMN directs TEXT NOT NULL DEFAULT 'everyone';
