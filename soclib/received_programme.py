"""What a buyer's readiness programme already says about the controls that a report leaves to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soclib.model import VOICES
from soclib.readiness_kinds import COMPLEMENTARY, SUBSERVICE
from soclib.received_inputs import ReportError

if TYPE_CHECKING:
    from soclib.readiness_programme import Programme

BUYER = VOICES[1]


def from_programme(programme: Programme) -> dict[str, int]:
    """Return how many controls and carve-outs a programme holds, and how many are open.

    Keywords for ``conclude``: ``cuecs``, ``cuecs_open``, ``carve_outs``, ``carve_outs_open``. One
    is open while the programme finds anything missing of it. Raises ``ReportError`` for the
    programme of a vendor, whose complementary controls are its customers'.
    """
    if programme.scope.side != BUYER:
        message = f"side {programme.scope.side!r}: use the programme of a buyer"
        raise ReportError((message,))
    lacking = {(one.kind, one.item_id) for one in programme.findings()}
    held = {
        "cuecs": (COMPLEMENTARY, "kind", "cuec"),
        "carve_outs": (SUBSERVICE, "method", "carve_out"),
    }
    counts: dict[str, int] = {}
    for name, (kind, column, wanted) in held.items():
        items = programme.items(kind).items()
        mine = [(kind, key) for key, item in items if item.values[column] == wanted]
        counts |= {name: len(mine), f"{name}_open": len(lacking.intersection(mine))}
    return counts
