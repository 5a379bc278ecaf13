-- Whether nobody new may come in and guests only read: the act of a moderator who decided so, or no row.
CREATE TABLE pause (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  act INTEGER NOT NULL
) STRICT;
