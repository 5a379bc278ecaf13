"""Firefox without a driver beside it: it speaks WebDriver BiDi itself, over a WebSocket."""

import json
import re
import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from types import TracebackType
from typing import Any

from websockets.sync.client import ClientConnection, connect

PROGRAM = shutil.which("firefox-esr") or shutil.which("firefox")
PATIENCE = 30.0
"""Seconds until what has to become true is missed."""

UNTIL = """(most) => new Promise((resolve, reject) => {
    const begun = performance.now();
    const look = () => {
        let found = false;
        try { found = Boolean(CONDITION); } catch { /* not yet there */ }
        if (found) resolve(true);
        else if (performance.now() - begun > most) reject(new Error(`Never: ${document.body.innerText}`));
        else setTimeout(look, 50);
    };
    look();
})"""


class Firefox:
    """One window; a context manager that ends it."""

    def __enter__(self) -> "Firefox":
        assert PROGRAM is not None
        self._held = ExitStack()
        self._profile = tempfile.TemporaryDirectory(prefix="firefox", ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [PROGRAM, "--headless", "--no-remote", "--profile", self._profile.name, "--remote-debugging-port", "0"],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        self._count = 0
        try:
            self._wire = self._reach()
        except BaseException:
            self._end()
            raise
        self.command("session.new", capabilities={})
        self._window = self.command("browsingContext.getTree")["contexts"][0]["context"]
        return self

    def _reach(self) -> ClientConnection:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            found = re.search(r"WebDriver BiDi listening on (ws://\S+)", line)
            if found:
                return self._held.enter_context(connect(f"{found[1]}/session", max_size=2**24, proxy=None))
        raise AssertionError("Firefox ended without saying where it listens.")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        self._process.kill()
        self._held.close()
        self._process.communicate()
        self._profile.cleanup()

    def command(self, method: str, **params: Any) -> Any:
        """Have something done; raises AssertionError where that fails."""
        self._count += 1
        self._wire.send(json.dumps({"id": self._count, "method": method, "params": params}))
        while True:
            answer = json.loads(self._wire.recv(timeout=2 * PATIENCE))
            if answer.get("id") == self._count:
                assert answer["type"] == "success", answer
                return answer["result"]

    def opens(self, url: str) -> None:
        """Go to a page."""
        self.command("browsingContext.navigate", context=self._window, url=url, wait="complete")

    def reloads(self) -> None:
        """Load the page again."""
        self.command("browsingContext.reload", context=self._window, wait="complete")

    def asks(self, function: str, *values: Any) -> Any:
        """What a function of JavaScript says about the page."""
        answer = self.command(
            "script.callFunction",
            functionDeclaration=function,
            awaitPromise=True,
            target={"context": self._window},
            arguments=[{"type": "number" if isinstance(one, int) else "string", "value": one} for one in values],
        )
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return answer["result"].get("value")

    def sees(self, text: str, where: str = "body") -> None:
        """Wait until that is shown there."""
        self.waits(f"document.querySelector({json.dumps(where)}).innerText.includes({json.dumps(text)})")

    def waits(self, condition: str) -> None:
        """Wait until an expression is true of the page."""
        self.asks(UNTIL.replace("CONDITION", condition), int(PATIENCE * 1000))

    def presses(self, keys: str, held: str = "") -> None:
        """Press keys one after the other, with another one held down."""
        actions = [{"type": "keyDown", "value": held}] if held else []
        for key in keys:
            actions += [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        actions += [{"type": "keyUp", "value": held}] if held else []
        keyboard = {"type": "key", "id": "keyboard", "actions": actions}
        self.command("input.performActions", context=self._window, actions=[keyboard])
