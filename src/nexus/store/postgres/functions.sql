-- What the statements of store/sql use that SQLite has and PostgreSQL spells otherwise, and what is done in one call. Made again at each start
-- of code that knows the schema, so a function that older code calls too keeps its arguments and what it does for them; a
-- change here comes with a migration, an empty one if need be, or an older node would put the function of before back.
CREATE OR REPLACE FUNCTION max(a bigint, b bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT greatest(a, b)';

CREATE OR REPLACE FUNCTION min(a bigint, b bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT least(a, b)';

CREATE OR REPLACE FUNCTION blank(a text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT CASE WHEN a IS NOT NULL THEN '''' END';

CREATE OR REPLACE FUNCTION json_each(a text) RETURNS TABLE (value text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT json_array_elements_text(a::json)';

CREATE OR REPLACE FUNCTION json_extract(a text, path text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT CASE WHEN a <> '''' THEN a::json ->> substr(path, 3) END';

-- How a group begins. What is only about messages in rooms goes on beside other nodes' groups for other rooms, since it locks
-- those that it is about, in order; everything else is alone, as it always is in SQLite.
CREATE OR REPLACE FUNCTION begin_group(node bigint, knows bigint, alone boolean, rooms bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  room bigint;
BEGIN
  IF current_setting('synchronous_commit') = 'off' THEN
    RAISE EXCEPTION 'synchronous_commit is off: a message would be shown that may be lost' USING ERRCODE = '55000';
  END IF;
  IF EXISTS (SELECT 1 FROM nodes WHERE run = node AND gone IS NOT NULL) THEN
    RAISE EXCEPTION 'this node said nothing for too long, and others count it as gone' USING ERRCODE = '55000';
  END IF;
  IF EXISTS (SELECT 1 FROM migrations WHERE oldest > knows) THEN
    RAISE EXCEPTION 'a newer Nexus moved the database on' USING ERRCODE = '55000';
  END IF;
  IF alone THEN
    PERFORM pg_advisory_xact_lock(20056, 0);
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock_shared(20056, 0);
  FOREACH room IN ARRAY rooms LOOP
    PERFORM pg_advisory_xact_lock(20057, room::int);
  END LOOP;
END
$$;

-- The terms of a message in the index: its words, and those that we keep about it, with a colon before each.
CREATE OR REPLACE FUNCTION terms_of(said text, about text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_tsvector(
    ARRAY(SELECT left(word, 500) FROM unnest(string_to_array(said, ' ')) AS word WHERE word <> '')
    || ARRAY(SELECT ':' || word FROM unnest(string_to_array(about, ' ')) AS word)
  )
$$;

-- The newest event, where nothing with a lower id is still to come: ids are given out before a commit.
CREATE OR REPLACE FUNCTION settled(node bigint, knows bigint) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  PERFORM begin_group(node, knows, true, '{}');
  RETURN (SELECT coalesce(max(id), 0) FROM events);
END
$$;

-- Bring the words of messages into the index, where these still say what was read, in all their rooms: what is changed
-- later changes the index too, since it finds the message there.
CREATE OR REPLACE FUNCTION index_words(
  node bigint, knows bigint, read_as text, before bigint, last bigint, rooms bigint[],
  ids bigint[], authors bigint[], texts text[], saids text[], abouts text[]
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM begin_group(node, knows, false, rooms);
  IF EXISTS (SELECT 1 FROM copies) OR cardinality(ids) <> (
    SELECT count(*)
    FROM unnest(ids, authors, texts) AS m (id, author, text) JOIN events e ON e.id = m.id AND e.author = m.author
      LEFT JOIN amended a ON a.place = e.place LEFT JOIN events t ON t.place = a.edit
    WHERE coalesce(t.text, e.text) = m.text
  ) THEN
    RETURN false;
  END IF;
  UPDATE indexed SET upto = last WHERE upto = before AND letters = read_as;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO words (id, terms)
  SELECT id, terms_of(said, about) FROM unnest(ids, saids, abouts) AS m (id, said, about)
  ON CONFLICT (id) DO UPDATE SET terms = excluded.terms;
  RETURN true;
END
$$;

-- Store messages that a node has numbered, where nothing has happened since it looked: 0 when they are stored, 1 where one of
-- the rooms has other events by now, 2 where somebody's rights may have changed. One call is all of the transaction, so
-- that no lock waits for a node that stopped.
CREATE OR REPLACE FUNCTION append_messages(
  node bigint, knows bigint, rights_known bigint, of_rooms bigint[], heads bigint[],
  places bigint[], ats bigint[], authors bigint[], bys text[], nonces text[], targets bigint[], texts text[]
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  rights_now bigint;
  heads_now bigint[];
BEGIN
  PERFORM begin_group(node, knows, false, of_rooms);
  SELECT version INTO rights_now FROM rights;
  IF rights_now <> rights_known THEN
    RETURN 2;
  END IF;
  SELECT array_agg(coalesce(e.place, r.room << 40) ORDER BY r.number) INTO heads_now
  FROM unnest(of_rooms) WITH ORDINALITY AS r (room, number) LEFT JOIN LATERAL (
    SELECT place FROM events WHERE place > r.room << 40 AND place < (r.room + 1) << 40 ORDER BY place DESC LIMIT 1
  ) e ON true;
  IF heads_now <> heads THEN
    RETURN 1;
  END IF;
  INSERT INTO events (place, at, kind, author, "by", nonce, target, text)
  SELECT place, at, 1, author, by, nonce, target, text
  FROM unnest(places, ats, authors, bys, nonces, targets, texts) AS m (place, at, author, by, nonce, target, text);
  RETURN 0;
END
$$;
