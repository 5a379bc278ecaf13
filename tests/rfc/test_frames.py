"""Nexus's connections against the table of RFC 6455 and RFC 7692, in memory: every case, however it is cut."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.rfc.cases import Case, closed, text
from tests.rfc.echo import Line, new_admission
from tests.rfc.judge import script, try_in_memory
from tests.rfc.results import try_every_chop
from tests.rfc.table import CASES
from tests.rfc.wire import FIN, TEXT, frame, head, read, wrong_at, xor

GATE = new_admission()
SHORT = [case for case in CASES if len(case.sent) < 5_000]
EARLY = [case for case in CASES if case.rule.startswith("It is refused at its first wrong byte")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_rule_is_kept_in_every_chop(case: Case) -> None:
    assert {how: fault for how, fault in try_every_chop(GATE, case).items() if fault} == {}


@given(st.data(), st.sampled_from(SHORT))
def test_a_rule_is_kept_however_it_is_cut(data: st.DataObject, case: Case) -> None:
    sent, _ = script(case)
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(sent) - 1)), max_size=12)) | {0, len(sent)})

    assert try_in_memory(GATE, case, [sent[a:b] for a, b in pairwise(cuts)]) is None


@pytest.mark.parametrize("case", EARLY, ids=lambda case: case.name)
def test_text_is_not_refused_before_its_first_wrong_byte(case: Case) -> None:
    line = Line(GATE)

    line.say(case.sent[:-1])

    assert not line.ended


@given(st.binary(max_size=12) | st.text(max_size=6).map(str.encode), st.integers(0, 12))
@example(b"\xed\xa0", 1)
def test_any_bytes_as_text_are_refused_where_they_stop_being_utf8(payload: bytes, cut: int) -> None:
    at = wrong_at(payload, whole=False)
    sent = frame(payload[:cut], TEXT) + head(len(payload[cut:]) + 9, FIN) + xor(payload[cut:])
    line = Line(GATE)

    line.say(sent if at is None else sent[: len(sent) - max(0, len(payload) - at - 1)])

    assert list(read(line.heard)) == ([] if at is None else [closed(1007)])


@given(st.binary(max_size=12) | st.text(max_size=6).map(str.encode))
def test_any_whole_bytes_as_text_are_echoed_or_refused(payload: bytes) -> None:
    line = Line(GATE)

    line.say(frame(payload))

    assert list(read(line.heard)) == [text(payload) if wrong_at(payload) is None else closed(1007)]


@given(st.lists(st.sampled_from([case for case in SHORT if not case.ends]), max_size=5), st.sampled_from(SHORT))
def test_rules_are_kept_one_after_another(before: list[Case], last: Case) -> None:
    compressed = any(case.compressed for case in (*before, last))
    whole = [case for case in before if case.what not in UNFINISHED]
    sent = b"".join(case.sent for case in whole) + last.sent
    hears = tuple(heard for case in (*whole, last) for heard in case.hears)

    together = last._replace(sent=sent, hears=hears, compressed=compressed)

    assert compressed is not last.compressed or try_in_memory(GATE, together, [script(together)[0]]) is None


UNFINISHED = {case.what for case in CASES if case.what.endswith("the ping heard before it ends")}
