"""The full-text index is brought on beside the groups, by one node, in steps that lock nothing between two calls."""

from nexus.store.postgres.migrating import IS_THERE
from nexus.store.postgres.readers import Readers
from nexus.store.sql.words import BUSY, MOST_BEHIND, NEXT, READ_AS, STEP, Coming, coming_of

_LOOK = f"""
SELECT upto, (SELECT coalesce(max(id), 0) FROM events), letters <> :letters OR EXISTS (SELECT 1 FROM copies)
  OR EXISTS (SELECT 1 FROM nodes WHERE {IS_THERE} AND run < :run AND nodes.letters = indexed.letters)
FROM indexed
"""

_STORE = """
SELECT index_words(:run, :knows, :letters, :before, :last, CAST(:rooms AS bigint[]), CAST(:ids AS bigint[]),
  CAST(:authors AS bigint[]), CAST(:texts AS text[]), CAST(:said AS text[]), CAST(:about AS text[]))
"""


class Indexing:
    """Decides what the next step is, and takes it."""

    def __init__(self, readers: Readers, run: int, knows: int) -> None:
        """The run is the number of this node, `knows` its newest schema; the oldest node that is there does it."""
        self._readers = readers
        self._run = run
        self._knows = knows
        self._seen: int | None = None
        self._settled = 0
        """The event up to which all that was given a number is stored, or never will be."""

    def step(self) -> bool:
        """Bring the index on; true where there is more to do. Raises Unavailable."""
        ((upto, newest, not_now),) = self._readers.ask(_LOOK, run=self._run, letters=READ_AS)
        seen, self._seen = self._seen, newest
        if not_now or newest == upto:
            return False
        if seen is not None and newest - seen > BUSY and newest - upto <= MOST_BEHIND:
            return False
        if self._settled <= upto:
            ((self._settled,),) = self._readers.ask("SELECT settled(:run, :knows)", run=self._run, knows=self._knows)
        rows = self._readers.ask(NEXT, after=upto, newest=self._settled, most=STEP)
        coming = coming_of(rows)
        stored = coming.upto > 0 and self._store(upto, coming)
        return stored and coming.upto < newest

    def _store(self, upto: int, coming: Coming) -> bool:
        """Whether it was stored: not where one of the messages is another by now, or another node was quicker."""
        ((stored,),) = self._readers.ask(
            _STORE,
            run=self._run,
            knows=self._knows,
            letters=READ_AS,
            before=upto,
            last=coming.upto,
            rooms=sorted({row[1] for row in coming.messages}),
            ids=[row[0] for row in coming.messages],
            authors=[row[3] for row in coming.messages],
            texts=[row[5] for row in coming.messages],
            said=[said for said, _ in coming.words],
            about=[about for _, about in coming.words],
        )
        return bool(stored)
