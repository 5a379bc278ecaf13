"""A garden in which some people have talked: what the pictures of the page show."""

from tests.conformance.peer import Peer
from tests.live.server import Server

SECRET = "correct horse battery"
"""Ann's password."""

TOPIC = "What grows, what does not, and who waters on Sunday"

SCRIPT = '''Here is the script that waters them, in case anyone wants it:
```python
def water(bed: Bed, until: float = 0.45) -> float:
    """Open the valve until the soil is wet enough."""
    while moisture(bed) < until:  # a fraction
        valve(bed).open(seconds=20)
    return moisture(bed)
```'''

COLD = "Give them until the weekend, that corner is the coldest spot in the whole garden."

REPORT = "Soil this morning:\n\n| bed | moisture | °C |\n|---|---|---|\n| A | 41 % | 17.2 |\n| B | 38 % | 16.9 |"


def plant(server: Server) -> list[Peer]:
    """Let Ann, Bo, Cy, Dot and Amal talk; returns those who stay, all but Ann."""
    ann, bo, cy, dot, amal = (Peer(server.ws) for _ in range(5))
    for peer, name in ((ann, "Ann"), (bo, "Bo"), (cy, "Cy"), (dot, "Dot"), (amal, "أمل")):
        peer.greet(name)
        for room in ("garden", "greenhouse", "kitchen"):
            peer.done("join", room=room)
    bo.done("register", name="Bo", password=SECRET)
    ann.done("register", name="Ann", password=SECRET)
    bo.done("configure", room="garden", topic=TOPIC)

    dot.post("garden", REPORT)
    water = bo.post("garden", "Watering on Sunday: Cy in the morning, **Bo** in the evening.")
    bo.done("pin", room="garden", seq=water)
    gone = cy.post("garden", "Sorry, wrong room")
    cy.done("delete", room="garden", seq=gone)
    bo.post("garden", SCRIPT)
    first = bo.post("garden", "Morning! The tomatoes finally came up overnight 🍅")
    count = bo.post("garden", "Six of eight. The two by the wall are asleep.")
    bo.done("edit", room="garden", seq=count, text="Six of eight. The two by the wall are still asleep.")
    cy.post("garden", COLD, reply_to=count)
    for peer, emoji in ((cy, "🎉"), (ann, "🎉"), (amal, "🎉"), (dot, "🍅"), (ann, "❤️")):
        peer.done("react", room="garden", seq=first, emoji=emoji)
    amal.post("garden", "صباح الخير! هل يمكنني زراعة النعناع بجانب الطماطم؟")
    mint = ann.post(
        "garden", "Mint is in the big pot now, or there will be *only* mint. @Bo, see https://example.org/mint"
    )
    bo.done("react", room="garden", seq=mint, emoji="👍")
    cy.post("garden", "/me fetches the watering can")
    for text in ("Soup at one?", "@Ann there is bread, too"):
        cy.post("kitchen", text)
    bo.post("greenhouse", "The new lamps arrived")
    ann.leave()
    return [bo, cy, dot, amal]
