"""Says what was wrong with a run, knowing nothing of the server: only what people did and were told, and the history.

A text is a post's identity here: the load never says one twice.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nexus.core.lines import read_line
from nexus.protocol.kinds import target_of, text_of
from tests.torture.receiver import judge_receivers
from tests.torture.record import Event, Record

History = Mapping[str, Sequence[Event]]


class Restored(NamedTuple):
    """An older copy of the database was put back: when (monotonic), and the head of each room in it."""

    at: float
    heads: Mapping[str, int]

    def forgets(self, record: Record) -> bool:
        """Whether what a record tells of was lost with the newer history."""
        return record.at < self.at and record.seq > self.heads.get(record.room, 0)


@dataclass(slots=True)
class Post:
    """All that happened to one message; `refused` tells for each refusal whether it was final."""

    who: str
    room: str
    text: str
    sent: float
    seqs: dict[int, float] = field(default_factory=dict)
    refused: list[bool] = field(default_factory=list)
    stored: list[int] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.text[:60]!r} of {self.who} in '{self.room}'"


def judge(
    records: Sequence[Record],
    history: History,
    transcript: Mapping[str, Sequence[str]] | None = None,
    restored: Restored | None = None,
) -> list[str]:
    """All faults, each a sentence; none where everything that was promised was kept.

    `records` end while everyone is connected who should have everything; `history` was read after them, and
    `transcript` (lines with their line feeds, by room) after that.
    """
    posts = _posts(records)
    if restored is not None:
        lost = {record.text for record in records if record.what == "acknowledged" and restored.forgets(record)}
        posts = {text: post for text, post in posts.items() if text not in lost}
        known = [record for record in records if record.what != "heard" or not restored.forgets(record)]
    else:
        known = list(records)
    return [
        *_judge_history(history, posts, {record.text for record in records if record.what == "sent"}),
        *_judge_answers(posts.values()),
        *_judge_order(posts.values()),
        *_judge_time(posts.values()),
        *_judge_texts(known, history),
        *judge_receivers(records, history, restored.heads if restored else {}, restored.at if restored else 0.0),
        *(_judge_transcript(history, transcript) if transcript is not None else ()),
    ]


def _posts(records: Sequence[Record]) -> dict[str, Post]:
    """Every post by its text, in the order of first sending."""
    posts: dict[str, Post] = {}
    for record in records:
        if record.what == "sent" and record.text not in posts:
            posts[record.text] = Post(record.who, record.room, record.text, record.at)
        elif record.what == "refused":
            posts[record.text].refused.append(record.final)
        elif record.what == "acknowledged":
            posts[record.text].seqs.setdefault(record.seq, record.at)
    return posts


def _judge_history(history: History, posts: Mapping[str, Post], sent: set[str]) -> Iterator[str]:
    """Hole, duplicate, and messages that nobody sent, or somebody else, or elsewhere."""
    for room, events in history.items():
        for number, event in enumerate(events, 1):
            if event["seq"] != number:
                yield f"Hole: in '{room}' event {event['seq']} comes where {number} should be."
                break
        places: dict[str, list[int]] = defaultdict(list)
        for event in events:
            if event["type"] != "posted":
                continue
            text = event["text"]
            places[text].append(event["seq"])
            if text not in sent:
                yield f"Foreign: nobody sent {text[:60]!r}, which '{room}' has as {event['seq']}."
            elif text in posts and (posts[text].room, posts[text].who) != (room, event["by"]):
                yield f"Foreign: {posts[text]} is by {event['by']} in '{room}'."
        for text, seqs in places.items():
            if len(seqs) > 1:
                yield f"Duplicate: {text[:60]!r} is in '{room}' as {_listed(seqs)}."
            if text in posts and posts[text].room == room:
                posts[text].stored = seqs


def _judge_answers(posts: Collection[Post]) -> Iterator[str]:
    """Lost acknowledgement, ghost, and posts that nobody answered."""
    for post in posts:
        for seq in post.seqs:
            if seq not in post.stored:
                where = f"as {_listed(post.stored)}" if post.stored else "nowhere"
                yield f"Lost acknowledgement: {post} was acknowledged as {seq}, but is {where} in the history."
        if not post.seqs and True not in post.refused:
            yield f"Silence: {post} never got its answer."
        if not post.seqs and True in post.refused and post.stored:
            yield f"Ghost: {post} was refused for good, yet the history has it as {_listed(post.stored)}."


def _judge_order(posts: Collection[Post]) -> Iterator[str]:
    """Wrong order for a sender: who says two things in a room finds them in that order.

    A post that was refused for now and sent again has lost its place, and is passed over.
    """
    last: dict[tuple[str, str], Post] = {}
    for post in posts:
        if not post.stored or post.refused:
            continue
        before = last.get((post.who, post.room))
        if before is not None and before.stored[0] > post.stored[0]:
            yield f"Wrong order: {before} was sent first, but is {before.stored[0]}; {post} is {post.stored[0]}."
        last[post.who, post.room] = post


def _judge_time(posts: Collection[Post]) -> Iterator[str]:
    """Order against real time: what is sent after another was acknowledged has the larger seq."""
    rooms: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        if post.seqs and post.stored:
            rooms[post.room].append(post)
    for of_room in rooms.values():
        told = sorted(of_room, key=lambda post: min(post.seqs.values()))
        newest, index = None, 0
        for post in of_room:
            while index < len(told) and min(told[index].seqs.values()) < post.sent:
                if newest is None or told[index].stored[0] > newest.stored[0]:
                    newest = told[index]
                index += 1
            if newest is not None and newest.stored[0] > post.stored[0]:
                yield (
                    f"Against time: {newest} was acknowledged as {newest.stored[0]} before {post} was sent, "
                    f"which is {post.stored[0]}."
                )


def _judge_texts(records: Sequence[Record], history: History) -> Iterator[str]:
    """Two texts for one seq: whatever anyone heard is what the history says, to the last field."""
    logs = {room: {event["seq"]: event for event in events} for room, events in history.items()}
    told: set[tuple[str, int]] = set()
    for record in records:
        if record.what != "heard" or (record.room, record.seq) in told:
            continue
        kept = logs.get(record.room, {}).get(record.seq)
        if kept != record.event:
            told.add((record.room, record.seq))
            yield f"Two texts: {record.who} heard {_shown(record.event)}, but the history has {_shown(kept)}."


def _judge_transcript(history: History, transcript: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The transcript is the history, each event one line, in order."""
    for room, events in history.items():
        lines = transcript.get(room, ())
        for number, line in enumerate(lines[: len(events)]):
            read, event = read_line(line), events[number]
            if read is None:
                yield f"Transcript: line {number + 1} of '{room}' is none of ours: {line[:80]!r}."
                break
            told = (read.seq, read.at, read.by, read.guest, target_of(read))
            meant = (event["seq"], event["at"], event["by"], event.get("guest", False), event.get("reply_to"))
            if told != meant or (event["type"] == "posted" and text_of(read) != event["text"]):
                yield f"Transcript: line {number + 1} of '{room}' is {line[:80]!r}, but the event is {_shown(event)}."
                break
        else:
            if len(lines) != len(events):
                yield f"Transcript: '{room}' has {len(lines)} lines, but {len(events)} events."


def _listed(seqs: Sequence[int]) -> str:
    return " and ".join(map(str, seqs))


def _shown(event: Event | None) -> str:
    return str({**event, "text": event.get("text", "")[:60]}) if event is not None else "nothing there"
