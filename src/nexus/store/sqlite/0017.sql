-- Erased accounts whose messages are being deleted; what a crash interrupts goes on with the next start.
CREATE TABLE removals (
  account INTEGER PRIMARY KEY
) STRICT;
