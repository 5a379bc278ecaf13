"""Reading is shared fairly by source, and every answer is bounded: those who ask for much wait for themselves."""

from nexus.protocol import commands as c
from nexus.protocol.events import Posted
from nexus.protocol.replies import Done, Refused
from nexus.server.lane import WITHIN
from nexus.server.reading import READS
from nexus.settings import Limits
from tests.world.node import World
from tests.world.people import Person, events_of

LONG = "x" * 7000


def crowd(world: World, count: int, address: str) -> list[Person]:
    """So many guests from one address, in the garden."""
    people = [world.connect(f"Cy{index}", address=address) for index in range(count)]
    for person in people:
        person.hello()
        person.join()
    return people


def replied(person: Person, ref: int) -> bool:
    return any(isinstance(frame, Done | Refused) and frame.ref == ref for frame in person.frames)


def test_one_who_reads_goes_before_the_many_reads_of_another_address() -> None:
    world = World()
    many = crowd(world, 30, "192.0.2.66")
    bo = world.connect("Bo", address="192.0.2.7")
    bo.hello()
    bo.join()
    world.threads.held = True
    asked = [(cy, cy.sends(c.Search, query="nothing at all")) for cy in many]
    ref = bo.sends(c.History, room="garden")
    world.settle()
    for _ in range(3 * READS.places):
        world.threads.release(1)
        world.settle()
    assert replied(bo, ref)
    assert sum(replied(*one) for one in asked) <= 3 * READS.places
    world.threads.held = False
    world.threads.release()
    world.settle()
    assert all(replied(*one) for one in asked)


def test_one_address_never_has_all_readers_to_itself() -> None:
    world = World()
    many = crowd(world, 10, "192.0.2.66")
    world.threads.held = True
    for cy in many:
        cy.sends(c.Rooms)
    world.settle()
    at_work = 0
    while world.threads.work():
        at_work += 1
    assert at_work == READS.places - 1
    world.threads.held = False
    world.threads.release()
    world.settle()


def test_a_read_that_waits_too_long_is_refused_with_a_sentence() -> None:
    world = World()
    ann, bo = crowd(world, 2, "192.0.2.66")
    world.threads.held = True
    ann.sends(c.Rooms)
    ref = bo.sends(c.Rooms)
    world.clock.advance(WITHIN + 2)
    refusal = bo.reply(ref)
    assert isinstance(refusal, Refused)
    assert (refusal.code, refusal.retry_after) == ("too_fast", 2.0)
    assert world.node.counters.reads_refused == 1


def test_more_reads_than_may_wait_of_one_source_are_refused_at_once() -> None:
    world = World()
    answers: list[object] = []
    world.threads.held = True
    reader = world.node.reader
    for _ in range(READS.most_each + 3):
        reader.submit(lambda: 1, answers.append, ("192.0.2.66",))
    world.settle()
    assert [type(one).__name__ for one in answers] == ["Refusal"] * 2
    world.threads.held = False
    world.threads.release()
    world.settle()
    assert answers.count(1) == READS.most_each + 1


def test_pins_are_given_a_page_at_a_time_and_none_is_left_out() -> None:
    world = World(limits=Limits(page_bytes=20_000))
    ann = world.member("Ann", "garden")
    for number in range(12):
        seq = ann.says(f"{number} {LONG}").seq
        ann.ask(c.Pin, room="garden", seq=seq)
    pages, before = [], None
    while True:
        done = ann.ask(c.Pins, room="garden", before=before)
        pages.append(events_of(done.events))
        before = done.next
        if not done.more:
            break
    texts = [event.text.split()[0] for page in pages for event in page if isinstance(event, Posted)]
    assert texts == [str(number) for number in reversed(range(12))]
    assert all(1 <= len(page) <= 2 for page in pages)
    assert len(pages) >= 6


def test_pins_go_on_where_they_were_though_the_last_one_is_pinned_no_longer() -> None:
    world = World(limits=Limits(page_bytes=20_000))
    ann = world.member("Ann", "garden")
    seqs = [ann.says(f"{number} {LONG}").seq for number in range(6)]
    for seq in seqs:
        ann.ask(c.Pin, room="garden", seq=seq)
    first = ann.ask(c.Pins, room="garden")
    shown = [event.seq for event in events_of(first.events) if isinstance(event, Posted)]
    ann.ask(c.Unpin, room="garden", seq=shown[-1])
    second = ann.ask(c.Pins, room="garden", before=first.next)
    assert [event.seq for event in events_of(second.events) if isinstance(event, Posted)] == [seqs[3], seqs[2]]


def test_a_page_of_messages_with_many_reactions_is_read_only_so_far() -> None:
    world = World(limits=Limits(page_bytes=3000))
    ann = world.guest("Ann", "garden")
    first = ann.says("a tree").seq
    second = ann.says("another").seq
    for index in range(60):
        one = world.guest(f"Bo{index}", "garden")
        one.ask(c.React, room="garden", seq=first, emoji="👍")
        one.ask(c.React, room="garden", seq=second, emoji="👍")
    page = ann.ask(c.History, room="garden", after=0, limit=5)
    assert len(events_of(page.events)) == 1
    assert page.more
    assert len(world.store.page(1, after=0, before=99, limit=9, newest=False, size=100)) == 1
    assert [one.event.seq for one in world.store.page(1, after=0, before=99, limit=9, newest=True, size=1)] == [98]
