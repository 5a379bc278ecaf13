"""The opening handshake against its table, and around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexus.gateway.websocket.deflate import negotiate, well_formed
from tests.rfc.handshakes import ASKS, TERMS, TERMS_12, Ask
from tests.rfc.results import shake_in_memory


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: ask.name)
def test_a_handshake_is_answered_as_the_rfc_says(ask: Ask) -> None:
    assert shake_in_memory(ask) is None


@given(st.text(alphabet='permessage-deflate;,= "\\12_', max_size=60) | st.text(max_size=30))
def test_no_offer_raises(offer: str) -> None:
    assert negotiate(offer) in (None, TERMS, TERMS_12)
    assert well_formed(offer) in (True, False)
