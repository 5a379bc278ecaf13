"""The whole table."""

from tests.rfc import closing, compression, framing, texts
from tests.rfc.cases import Case

CASES: list[Case] = [*framing.rules.cases, *texts.rules.cases, *closing.rules.cases, *compression.rules.cases]
