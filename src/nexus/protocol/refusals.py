"""The exception that is a refusal."""

from nexus.protocol.codes import is_temporary


class Refusal(Exception):  # noqa: N818  a refusal is an answer, not an error of ours
    """A command cannot be carried out; raising it is the answer on the wire."""

    def __init__(self, code: str, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retry_after = retry_after

    @property
    def temporary(self) -> bool:
        """Whether the same may go better later."""
        return is_temporary(self.code, self.retry_after)


def not_stored() -> Refusal:
    """The refusal of an entry that failed by itself."""
    return Refusal("internal", "That could not be stored, because of a fault in the server; its log says more.")
