"""The judge itself: a run without a fault has none, and each way of spoiling one is named, and only that."""

from collections.abc import Callable
from typing import Any

import pytest

from nexus.core.lines import line
from nexus.protocol.events import Posted
from tests.torture.judge import Restored, judge
from tests.torture.record import UNKNOWN, Event, Record, What

ROOM = "garden"


class Run:
    """A run of the load as it should be: Ann and Bo post twelve messages, Cy listens, Dot comes in the middle."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.history: dict[str, list[Event]] = {ROOM: []}
        self.restored: Restored | None = None
        self.listeners = ["Ann", "Bo", "Cy"]
        for who in self.listeners:
            self.note(who, "began")
            self.note(who, "entered", room=ROOM, seq=0)
        for number in range(6):
            if number == 3:
                self.arrive("Dot")
            # Both of a pair are on their way at once.
            for who in ("Ann", "Bo"):
                self.send(who, f"{who} says {number}")
            for who in ("Ann", "Bo"):
                self.store(who, f"{who} says {number}")
        self.send("Ann", "refused")
        self.note("Ann", "refused", room=ROOM, text="refused", code="too_large", final=True)

    def note(self, who: str, what: What, **fields: Any) -> None:
        self.records.append(Record(float(len(self.records)), who, what, **fields))

    def send(self, who: str, text: str) -> None:
        self.note(who, "sent", room=ROOM, text=text)

    def arrive(self, who: str, after: int = UNKNOWN) -> None:
        self.note(who, "began")
        self.note(who, "entered", room=ROOM, seq=after, to=len(self.history[ROOM]))
        self.listeners.append(who)

    def keep(self, who: str, text: str) -> Event:
        """Put a message into the history, and tell nobody."""
        events = self.history[ROOM]
        events.append({"type": "posted", "room": ROOM, "seq": len(events) + 1, "at": 1000, "by": who, "text": text})
        return events[-1]

    def store(self, who: str, text: str) -> None:
        """Put a message into the history, tell everyone, and acknowledge it."""
        event = self.keep(who, text)
        for listener in self.listeners:
            self.note(listener, "heard", room=ROOM, seq=event["seq"], event=event)
        self.note(who, "acknowledged", room=ROOM, text=text, seq=event["seq"])

    def index(self, who: str, what: What, count: int = 0) -> int:
        """Where the nth record of a kind is."""
        found = [place for place, record in enumerate(self.records) if (record.who, record.what) == (who, what)]
        return found[count]

    def change(self, place: int, **fields: Any) -> None:
        self.records[place] = self.records[place]._replace(**fields)

    def transcript(self) -> dict[str, list[str]]:
        events = [
            Posted(room=ROOM, seq=event["seq"], at=event["at"], by=event["by"], text=event["text"])
            for event in self.history[ROOM]
        ]
        return {ROOM: [line(entry) for entry in events]}

    def faults(self) -> list[str]:
        return judge(self.records, self.history, self.transcript(), self.restored)


def test_a_run_without_a_fault_has_none() -> None:
    assert Run().faults() == []


def lose_an_acknowledged_post(run: Run) -> None:
    run.send("Bo", "lost")
    run.note("Bo", "acknowledged", room=ROOM, text="lost", seq=13)


def acknowledge_it_again_as_another(run: Run) -> None:
    acknowledged = run.records[run.index("Bo", "acknowledged")]
    run.note("Bo", "acknowledged", room=ROOM, text=acknowledged.text, seq=acknowledged.seq + 2)


def store_one_twice(run: Run) -> None:
    run.send("Bo", "only once")
    run.store("Bo", "only once")
    run.store("Bo", "only once")
    run.records.pop()


def store_what_was_refused(run: Run) -> None:
    run.store("Ann", "refused")
    run.records.pop()


def never_answer(run: Run) -> None:
    run.send("Bo", "anyone?")


def refuse_for_now_and_never_answer(run: Run) -> None:
    run.send("Bo", "anyone?")
    run.note("Bo", "refused", room=ROOM, text="anyone?", code="unavailable")


def store_what_nobody_sent(run: Run) -> None:
    run.store("Bo", "who was that?")
    run.records.pop()


def store_it_under_another_name(run: Run) -> None:
    run.send("Ann", "it was me")
    run.store("Bo", "it was me")


def leave_a_hole(run: Run) -> None:
    for who in run.listeners:
        run.note(who, "skipped", room=ROOM, seq=13, to=13)
    run.send("Bo", "after the hole")
    event = run.keep("Bo", "after the hole")
    event["seq"] = 14
    for who in run.listeners:
        run.note(who, "heard", room=ROOM, seq=14, event=event)
    run.note("Bo", "acknowledged", room=ROOM, text="after the hole", seq=14)


def turn_two_of_one_sender_around(run: Run) -> None:
    run.send("Bo", "first")
    run.send("Bo", "second")
    run.store("Bo", "second")
    run.store("Bo", "first")


def put_a_later_one_before_an_acknowledged_one(run: Run) -> None:
    run.send("Ann", "early")
    place = len(run.records)
    run.send("Bo", "late")
    run.store("Bo", "late")
    run.store("Ann", "early")
    told = run.records.pop()
    run.records.insert(place, told._replace(at=run.records[place].at - 0.5))


def let_a_listener_miss_one(run: Run) -> None:
    del run.records[run.index("Cy", "heard", 4)]


def tell_a_listener_one_twice(run: Run) -> None:
    place = run.index("Cy", "heard", 4)
    run.records.insert(place, run.records[place])


def skip_less_than_is_missing(run: Run) -> None:
    run.change(run.index("Cy", "heard", 4), what="skipped", seq=6, to=5)


def let_a_newcomer_miss_one(run: Run) -> None:
    del run.records[run.index("Dot", "heard")]


def resume_later_than_it_ended(run: Run) -> None:
    place = run.index("Cy", "heard", 4)
    run.records[place:place] = [
        Record(0.0, "Cy", "ended"),
        Record(0.0, "Cy", "entered", ROOM, 3),
        Record(0.0, "Cy", "began"),
    ]


def tell_someone_outside(run: Run) -> None:
    run.note("Eve", "began")
    run.note("Eve", "heard", room=ROOM, seq=1, event=run.history[ROOM][0])


def tell_two_texts_for_one_seq(run: Run) -> None:
    place = run.index("Cy", "heard", 4)
    run.change(place, event={**run.history[ROOM][4], "text": "something else"})


def tell_what_is_not_stored(run: Run) -> None:
    run.note("Cy", "heard", room=ROOM, seq=13, event={**run.history[ROOM][4], "seq": 13, "text": "only said"})


def end_early_for_one(run: Run) -> None:
    del run.records[run.index("Cy", "heard", 11)]


def forget_without_a_reason(run: Run) -> None:
    run.records.insert(run.index("Cy", "heard", 4), Record(0.0, "Cy", "reset", ROOM))


SPOILED = [
    ("Lost acknowledgement", lose_an_acknowledged_post),
    ("Lost acknowledgement", acknowledge_it_again_as_another),
    ("Duplicate", store_one_twice),
    ("Ghost", store_what_was_refused),
    ("Silence", never_answer),
    ("Silence", refuse_for_now_and_never_answer),
    ("Foreign", store_what_nobody_sent),
    ("Foreign", store_it_under_another_name),
    ("Hole", leave_a_hole),
    ("Wrong order", turn_two_of_one_sender_around),
    ("Against time", put_a_later_one_before_an_acknowledged_one),
    ("Gap", let_a_listener_miss_one),
    ("Gap", tell_a_listener_one_twice),
    ("Gap", skip_less_than_is_missing),
    ("Gap", let_a_newcomer_miss_one),
    ("Gap", resume_later_than_it_ended),
    ("Foreign", tell_someone_outside),
    ("Foreign", forget_without_a_reason),
    ("Two texts", tell_two_texts_for_one_seq),
    ("Two texts", tell_what_is_not_stored),
    ("Missing end", end_early_for_one),
]


@pytest.mark.parametrize(("fault", "spoil"), SPOILED, ids=[spoil.__name__ for _, spoil in SPOILED])
def test_every_way_to_spoil_a_run_is_found_and_named(fault: str, spoil: Callable[[Run], None]) -> None:
    run = Run()
    spoil(run)

    faults = run.faults()

    assert len(faults) == 1, faults
    assert faults[0].startswith(f"{fault}: "), faults


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: lines.pop(),
        lambda lines: lines.pop(3),
        lambda lines: lines.insert(3, lines[3]),
        lambda lines: lines.insert(3, lines.pop(4)),
        lambda lines: lines.append("2026-11-22T17:03:05.123Z #13 <Bo> torn"),
        lambda lines: lines.__setitem__(3, "\0" * 40 + "\n"),
        lambda lines: lines.__setitem__(3, lines[3].replace("says", "said")),
    ],
)
def test_a_transcript_that_is_not_the_history_is_found(spoil: Callable[[list[str]], Any]) -> None:
    run = Run()
    transcript = run.transcript()
    spoil(transcript[ROOM])

    faults = judge(run.records, run.history, transcript)

    assert len(faults) == 1, faults
    assert faults[0].startswith("Transcript: "), faults


def test_a_reader_who_pages_through_what_was_skipped_misses_nothing() -> None:
    run = Run()
    place = run.index("Cy", "heard", 4)
    run.change(place, what="skipped", to=7, event=None)
    del run.records[run.index("Cy", "heard", 4)]
    del run.records[run.index("Cy", "heard", 4)]

    assert run.faults() == []


def restore(run: Run) -> None:
    """Put a copy back that has ten of the twelve messages; then everyone who was told comes back as a newcomer."""
    run.restored = Restored(float(len(run.records)), {ROOM: 10})
    del run.history[ROOM][10:]
    run.listeners = []
    for who in ("Ann", "Bo", "Cy", "Dot"):
        run.note(who, "ended")
        run.arrive(who, after=12)
    run.send("Bo", "after the copy was put back")


def test_a_restored_copy_is_no_fault_where_everyone_gets_a_reset() -> None:
    run = Run()
    restore(run)
    for who in run.listeners:
        run.note(who, "reset", room=ROOM)
    run.store("Bo", "after the copy was put back")

    assert run.faults() == []


def test_a_copy_put_back_silently_is_a_fault() -> None:
    run = Run()
    restore(run)
    for who in run.listeners[:-1]:
        run.note(who, "reset", room=ROOM)
    run.store("Bo", "after the copy was put back")

    faults = run.faults()

    assert faults[0].startswith("Silent change: Dot"), faults
    assert len(faults) == 1, faults


def test_a_reset_after_a_restored_copy_happens_once() -> None:
    """What they name from then on is of the history there is, however far it has come."""
    run = Run()
    restore(run)
    for who in run.listeners:
        run.note(who, "reset", room=ROOM)
    run.store("Bo", "after the copy was put back")
    run.listeners.remove("Dot")
    run.note("Dot", "ended")
    run.arrive("Dot", after=11)
    run.send("Bo", "later")
    run.store("Bo", "later")

    assert run.faults() == []
