"""What several ask at the same moment, or while something else happens: decided where it is stored."""

from nexus.protocol import commands as c
from nexus.protocol.events import Typing
from nexus.protocol.replies import Done, Refused
from nexus.settings import Limits
from tests.world.node import World

PASSWORD = "correct horse"


def test_of_all_who_use_the_invite_at_once_one_becomes_administrator() -> None:
    world = World()
    invite = world.does(world.node.accounts.invite_admin())
    people = [world.guest(name) for name in ("Ann", "Bo", "Cy")]

    refs = [who.sends(c.Register, name=who.name, password=PASSWORD, invite=invite) for who in people]
    world.settle()
    first, *others = [who.reply(ref) for who, ref in zip(people, refs, strict=True)]

    assert isinstance(first, Done)
    assert [isinstance(reply, Refused) and reply.code for reply in others] == ["unauthorised", "unauthorised"]


def test_a_hello_that_waits_while_its_login_is_revoked_is_refused() -> None:
    for held in range(1, 8):
        world = World()
        bo = world.connect("Bo")
        bo.hello()
        token = bo.ask(c.Register, name="Bo", password=PASSWORD).token
        logins = bo.ask(c.Logins).logins
        assert logins is not None
        phone = world.connect("Bo")
        ref = phone.sends(c.Hello, token=token)
        for _ in range(held):  # wherever it waits by then
            world.clock.step()
        bo.sends(c.Revoke, login=logins[0].id)
        world.settle()

        assert phone.closed or isinstance(phone.reply(ref), Refused), held
        assert not [one for one in world.node.sessions.all() if one.account is not None], held


def test_of_all_who_create_a_room_at_once_one_has_made_it() -> None:
    world = World()
    people = [world.guest(name) for name in ("Ann", "Bo", "Cy")]

    refs = [who.sends(c.Create, room="garden", topic=f"of {who.name}") for who in people]
    world.settle()
    first, *others = [who.reply(ref) for who, ref in zip(people, refs, strict=True)]

    assert isinstance(first, Done)
    assert first.room is not None
    assert first.room.topic == "of Ann"
    assert [isinstance(reply, Refused) and reply.code for reply in others] == ["name_taken", "name_taken"]


def test_a_post_that_is_retried_after_registering_or_logging_in_is_stored_once() -> None:
    for verb in (c.Register, c.Login):
        world = World()
        other = world.member("Dee")
        other.ask(c.Logout)
        ann = world.guest("Ann", "garden")
        name = "Ann" if verb is c.Register else "Dee"
        first = ann.says("hello", nonce="n-1")
        secret = ann.secret
        assert isinstance(ann.ask(verb, name=name, password=PASSWORD), Done)
        for restarted in (False, True):
            if restarted:
                world.crash()
            again = world.connect(name)
            again.hello(session=secret, name=None, resume={"garden": {"seq": 0}})
            assert again.says("hello", nonce="n-1").seq == first.seq
            assert again.texts() == ["hello"]
        again.ask(c.Edit, room="garden", seq=first.seq, text="what the guest said is mine")


def test_after_logging_out_a_guests_secret_is_worth_nothing() -> None:
    world = World()
    ann = world.guest("Ann", "garden")
    said = ann.says("I pay on Monday")
    secret = ann.secret
    ann.ask(c.Logout)
    world.settle()
    for restarted in (False, True):
        if restarted:
            world.crash()
        thief = world.connect("Thief")
        assert thief.refused(c.Hello, session=secret).code == "unauthorised"
        thief.hello(name="Thief", session=secret)
        thief.join()
        assert thief.refused(c.Edit, room="garden", seq=said.seq, text="I never pay").code == "forbidden"
        thief.ask(c.Logout)


def test_a_hello_goes_on_in_no_more_rooms_than_one_may_be_in() -> None:
    world = World(limits=Limits(rooms=3))
    names = [f"room{number}" for number in range(5)]
    world.guest("Bo", *names[:3])
    world.guest("Cy", *names[3:])
    ann = world.guest("Ann", *names[:3])
    world.crash()

    done = world.connect("Ann").hello(session=ann.secret, resume={name: {"seq": 0} for name in names})

    assert done.rooms is not None
    assert [room.name for room in done.rooms] == names[:3]


def test_an_account_may_be_in_more_rooms_than_a_guest() -> None:
    world = World(limits=Limits(rooms=2, account_rooms=3))
    cy, bo = world.guest("Cy", "garden", "kitchen"), world.member("Bo", "garden", "kitchen", "shed")

    for who, most in ((cy, 2), (bo, 3)):
        refused = who.refused(c.Join, room="cellar")
        assert (refused.code, f"{most} rooms" in refused.message) == ("too_many", True)


def test_a_room_is_shown_once_a_second_that_the_same_person_types() -> None:
    world = World()
    ann, bo = world.guest("Ann", "garden"), world.guest("Bo", "garden")

    for _ in range(20):
        ann.ask(c.Typing, room="garden")
    assert len(bo.heard(Typing)) == 1
    world.clock.advance(1.0)
    ann.ask(c.Typing, room="garden")

    assert len(bo.heard(Typing)) == 2
