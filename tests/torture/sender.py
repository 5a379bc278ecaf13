"""Someone of a load who posts, and repeats each post until it has its final answer."""

import asyncio
from random import Random

from tests.hostile.raw import command
from tests.torture.person import Person
from tests.torture.record import Event, Log, Mood

FINAL = frozenset({"bad_request", "too_large", "nonce_reused", "forbidden", "not_found", "internal"})
"""Refusals that a sender takes for an answer; any other is asked about again."""

TOO_LONG = 20_000
ODD = ["", " <Bo> not me", " two\nlines", " (to #1) äöü \u2028 and \u202e back", " \U0001f331 " * 9]
RETRY = 0.1
"""Most seconds waited before a refused post is sent again, whatever the server advises."""


class Post:
    """One message on its way; its text is unlike any other."""

    def __init__(self, room: str, text: str, nonce: str) -> None:
        self.room = room
        self.text = text
        self.nonce = nonce
        self.ref = 0


class Sender(Person):
    """Talks at a pace of its own in all rooms, and listens like everyone else."""

    def __init__(self, url: str, name: str, rooms: list[str], log: Log, mood: Mood, random: Random) -> None:
        super().__init__(url, name, rooms, log, mood, random)
        self.final = FINAL
        self.waiting: dict[str, Post] = {}
        self._tries: dict[int, Post] = {}
        self._again: list[Post] = []
        self._stored: Post | None = None
        self._count = 0
        self._room = asyncio.Event()
        self._most = random.choice([1, 4, 16, 50])
        self._pause = random.choice([0, 0.001, 0.005, 0.02])

    async def converse(self) -> None:
        """Talk and listen at once; when the connection ends both do."""
        talking = asyncio.create_task(self._talk())
        try:
            await asyncio.wait([talking, self.line.closed], return_when=asyncio.FIRST_COMPLETED)
            if talking.done():
                talking.result()
        finally:
            talking.cancel()

    async def _talk(self) -> None:
        """First what an earlier connection left unanswered, in its order, then new things."""
        self._again = []
        for post in list(self.waiting.values()):
            self._send(post)
        while True:
            self._room.clear()
            again, self._again = self._again, []
            for post in again:
                self._send(post)
            if self.mood.talking and len(self.waiting) < self._most:
                self._send(self._new())
                await asyncio.sleep(self._pause)
            else:
                await self._room.wait()

    def nudge(self) -> None:
        """Something changed: look again whether to talk."""
        self._room.set()

    def _new(self) -> Post:
        """Mostly an ordinary message, sometimes a long or odd one, now and then one that must be refused."""
        self._count += 1
        text = f"{self.name} says {self._count}:{self.random.choice(ODD)} {'x' * self._length()}."
        post = Post(self.random.choice(self.rooms), text, f"{self.name}-{self._count}")
        chance = self.random.random()
        if chance < 0.01:
            post.text += "x" * TOO_LONG
        elif chance < 0.03 and self._stored is not None:
            post.room, post.nonce = self._stored.room, self._stored.nonce
        self.waiting[post.text] = post
        return post

    def _length(self) -> int:
        return 0 if self.random.random() < 0.8 else int(self.random.paretovariate(0.5)) % 4000

    def _send(self, post: Post) -> None:
        post.ref = self.ref()
        self._tries[post.ref] = post
        self.log.add(self.name, "sent", room=post.room, text=post.text, nonce=post.nonce)
        self.line.send(command("post", post.ref, room=post.room, text=post.text, nonce=post.nonce))

    def answered(self, reply: Event) -> None:
        """Take a post's answer; an earlier connection's may come late, and counts as well."""
        post = self._tries.pop(reply["ref"], None)
        if post is None:
            return
        fields = {"room": post.room, "text": post.text, "nonce": post.nonce}
        if reply["type"] == "done":
            self._stored = post
            self.waiting.pop(post.text, None)
            self.log.add(self.name, "acknowledged", seq=reply["seq"], **fields)
        else:
            final = reply["code"] in self.final
            if final:
                self.waiting.pop(post.text, None)
            elif post.ref == reply["ref"]:
                wait = min(reply.get("retry_after", 0), RETRY)
                asyncio.get_running_loop().call_later(wait, self._retry, post)
            self.log.add(self.name, "refused", code=reply["code"], final=final, **fields)
        self.nudge()

    def _retry(self, post: Post) -> None:
        if post.text in self.waiting:
            self._again.append(post)
            self.nudge()
