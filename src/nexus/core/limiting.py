"""What is answered to a limited account, which finds only the rooms that it belongs to and the people in them."""

from nexus.core.changes import Denied

NO_ROOMS = Denied("forbidden", "You may not create rooms here.")


def no_account(name: str) -> Denied:
    """Why nothing is done to somebody whom there is not, for one at least."""
    return Denied("not_found", f"There is no account '{name[:64]}'.")


def cannot_be_reached(name: str) -> Denied:
    """Why one cannot talk with somebody, for any reason."""
    return Denied("not_found", f"{name[:64]} cannot be reached.")
