-- For how many days a room keeps messages: 0 is for ever, -1 as the server's setting says. first is the seq of the oldest
-- event that has not expired. What has stays as a row that says nothing, with its place, its nonce and its author: so a
-- retry is known for ever, and no other row is moved (see 0003).
ALTER TABLE rooms ADD COLUMN keep INTEGER NOT NULL DEFAULT -1;
ALTER TABLE rooms ADD COLUMN first INTEGER NOT NULL DEFAULT 1;
