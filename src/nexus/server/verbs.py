"""Which verb carries out which command: one line each."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from nexus.core.speaker import Speaker
from nexus.protocol import commands as c
from nexus.protocol.refusals import Refusal
from nexus.protocol.replies import Done
from nexus.server.bots import Bots
from nexus.server.destroying import Destroying
from nexus.server.erasing import Erasing
from nexus.server.explaining import Explaining
from nexus.server.gathering import Gathering
from nexus.server.greeting import Greeting
from nexus.server.history import History
from nexus.server.inviting import Inviting
from nexus.server.members import Members
from nexus.server.messages import Messages
from nexus.server.moderation import Moderation
from nexus.server.people import People
from nexus.server.protecting import Protecting
from nexus.server.purges import Purges
from nexus.server.read_state import ReadState
from nexus.server.reporting import Reporting
from nexus.server.rooms import Rooms
from nexus.server.searches import Searches
from nexus.server.sessions import Session

OfOneself = c.Rename | c.Register | c.Login | c.Logout | c.Password | c.Logins | c.Revoke
OfProtecting = c.Ignore | c.Unignore | c.Ignored | c.Prefer | c.Why
OfRooms = c.Join | c.Leave | c.Typing | c.Rooms | c.Who | c.Create | c.Configure | c.Destroy
OfOthers = c.Direct | c.Add | c.Remove | c.Promote
OfAccounts = c.Erase | c.Bot | c.Bots | c.Unbot
OfInvites = c.Invite | c.Invites | c.Uninvite | c.Accept
OfReports = c.Report | c.Reports | c.Settle
OfModerators = (
    c.Mute | c.Unmute | c.Ban | c.Limit | c.Unlimit | c.Purge | c.Restore | c.Unban | c.Bans | c.Acts | c.Undo | c.Pause
)
Verb = Coroutine[Any, None, Done]


@dataclass(frozen=True)
class Moderators:
    """What is said by those who look after people, and to them; and what goes on of it by itself."""

    moderation: Moderation
    inviting: Inviting
    reporting: Reporting
    explaining: Explaining
    purges: Purges
    destroying: Destroying


@dataclass(frozen=True)
class Verbs:
    """Everything that can be said, by what it is about."""

    greeting: Greeting
    people: People
    erasing: Erasing
    protecting: Protecting
    bots: Bots
    rooms: Rooms
    gathering: Gathering
    members: Members
    moderators: Moderators
    messages: Messages
    history: History
    searches: Searches
    read_state: ReadState

    def verb(self, speaker: Speaker, command: c.AnyCommand) -> Verb:  # noqa: C901, PLR0912
        """One line per command; each is the verb that carries it out."""
        match command:
            case c.Post():
                return self.messages.post(speaker, command)
            case c.Edit() | c.Delete() | c.React() | c.Unreact() | c.Pin() | c.Unpin():
                return self.messages.amend(speaker, command)
            case c.Replies():
                return self.messages.replies(speaker, command)
            case c.Pins():
                return self.messages.pins(speaker, command)
            case c.History():
                return self.history.history(speaker, command)
            case c.Search():
                return self.searches.search(speaker, command)
            case c.Read():
                return self.read_state.read(speaker, command)
            case c.Level():
                return self.read_state.level(speaker, command)
            case c.Join() | c.Leave() | c.Typing() | c.Rooms() | c.Who() | c.Create() | c.Configure() | c.Destroy():
                return self._of_rooms(speaker, command)
            case c.Direct() | c.Add() | c.Remove() | c.Promote():
                return self._of_others(speaker, command)
            case c.Report() | c.Reports() | c.Settle():
                return self._of_reports(speaker, command)
            case c.Invite() | c.Invites() | c.Uninvite() | c.Accept():
                return self._of_invites(speaker, command)
            case c.Mute() | c.Unmute() | c.Ban() | c.Purge() | c.Restore() | c.Unban() | c.Bans() | c.Acts() | c.Undo():
                return self._of_moderators(speaker, command)
            case c.Pause() | c.Limit() | c.Unlimit():
                return self._of_moderators(speaker, command)
            case c.Rename() | c.Register() | c.Login() | c.Logout() | c.Password() | c.Logins() | c.Revoke():
                return self._of_oneself(speaker, command)
            case c.Ignore() | c.Unignore() | c.Ignored() | c.Prefer() | c.Why():
                return self._of_protecting(speaker, command)
            case c.Erase() | c.Bot() | c.Bots() | c.Unbot():
                return self._of_accounts(speaker, command)
            case c.Ping():
                return ping(command)
            case c.Hello():
                raise Refusal("bad_request", "This session has already said hello.")

    def _of_protecting(self, speaker: Speaker, command: OfProtecting) -> Verb:
        """The verbs by which people protect themselves, and learn what they may."""
        protecting = self.protecting
        match command:
            case c.Ignore():
                return protecting.ignore(speaker, command)
            case c.Unignore():
                return protecting.unignore(speaker, command)
            case c.Ignored():
                return protecting.ignored(speaker, command)
            case c.Prefer():
                return protecting.prefer(speaker, command)
            case c.Why():
                return self.moderators.explaining.why(speaker, command)

    def _of_accounts(self, speaker: Speaker, command: OfAccounts) -> Verb:
        """The verbs about the account that one has, and those of one's bots."""
        match command:
            case c.Erase():
                return self.erasing.oneself(_in_conversation(speaker), command)
            case c.Bot():
                return self.bots.make(speaker, command)
            case c.Bots():
                return self.bots.mine(speaker, command)
            case c.Unbot():
                return self.bots.end(speaker, command)

    def _of_rooms(self, speaker: Speaker, command: OfRooms) -> Verb:
        """The verbs about rooms."""
        match command:
            case c.Join():
                return self.rooms.join(_in_conversation(speaker), command)
            case c.Leave():
                return self.rooms.leave(_in_conversation(speaker), command)
            case c.Typing():
                return self.rooms.typing(speaker, command)
            case c.Rooms():
                return self.rooms.rooms(speaker, command)
            case c.Who():
                return self.rooms.who(speaker, command)
            case c.Create() if command.from_ is not None:
                return self.gathering.create(speaker, command)
            case c.Create():
                return self.rooms.create(speaker, command)
            case c.Configure():
                return self.rooms.configure(speaker, command)
            case c.Destroy():
                return self.moderators.destroying.destroy(speaker, command)

    def _of_others(self, speaker: Speaker, command: OfOthers) -> Verb:
        """The verbs about who is in a room."""
        members = self.members
        match command:
            case c.Direct():
                return members.direct(_in_conversation(speaker), command)
            case c.Add():
                return members.add(speaker, command)
            case c.Remove():
                return members.remove(speaker, command)
            case c.Promote() if command.room is None:
                return self.moderators.moderation.give_role(speaker, command)
            case c.Promote():
                return members.promote(speaker, command)

    def _of_invites(self, speaker: Speaker, command: OfInvites) -> Verb:
        """The verbs about invitations."""
        inviting = self.moderators.inviting
        match command:
            case c.Invite():
                return inviting.invite(speaker, command)
            case c.Invites():
                return inviting.invites(speaker, command)
            case c.Uninvite():
                return inviting.uninvite(speaker, command)
            case c.Accept():
                return inviting.accept(_in_conversation(speaker), command)

    def _of_reports(self, speaker: Speaker, command: OfReports) -> Verb:
        """The verbs about what people report."""
        reporting = self.moderators.reporting
        match command:
            case c.Report():
                return reporting.report(speaker, command)
            case c.Reports():
                return reporting.reports(speaker, command)
            case c.Settle():
                return reporting.settle(speaker, command)

    def _of_moderators(self, speaker: Speaker, command: OfModerators) -> Verb:
        """The verbs about people on the whole server."""
        moderation = self.moderators.moderation
        match command:
            case c.Mute():
                return moderation.mute(speaker, command)
            case c.Unmute():
                return moderation.unmute(speaker, command)
            case c.Ban():
                return moderation.ban(speaker, command)
            case c.Purge():
                return moderation.purge(speaker, command)
            case c.Restore():
                return moderation.undo(speaker, c.Undo(ref=command.ref, act=command.act))
            case c.Unban():
                return moderation.unban(speaker, command)
            case c.Limit() | c.Unlimit():
                return moderation.limit(speaker, command)
            case c.Pause():
                return moderation.pause(speaker, command)
            case c.Bans():
                return moderation.bans(speaker, command)
            case c.Acts():
                return moderation.acts(speaker, command)
            case c.Undo():
                return moderation.undo(speaker, command)

    def _of_oneself(self, speaker: Speaker, command: OfOneself) -> Verb:
        """The verbs about who one is."""
        people = self.people
        match command:
            case c.Rename():
                return people.rename(_in_conversation(speaker), command)
            case c.Register():
                return people.register(_in_conversation(speaker), command)
            case c.Login():
                return people.log_in(_in_conversation(speaker), command)
            case c.Logout():
                return people.log_out(_in_conversation(speaker), command)
            case c.Password():
                return people.password(_in_conversation(speaker), command)
            case c.Logins():
                return people.logins(speaker, command)
            case c.Revoke():
                return people.revoke(speaker, command)


async def ping(command: c.Ping) -> Done:
    """Answer, and nothing else."""
    return Done(command.ref)


def _in_conversation(speaker: Speaker) -> Session:
    """The session of a speaker in a conversation; refuses those who only ask for one thing."""
    if not isinstance(speaker, Session):
        raise Refusal("bad_request", "This needs a conversation; connect and say hello first.")
    return speaker
