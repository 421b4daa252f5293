"""What the rules say of real companies, beside what each of them states to hold.

The room itself can be called: ``soclib.companies()`` is the table.
"""

from __future__ import annotations

from soclib.doors import callable_room, door

NAMES = {
    "Agreement": "cases",
    "CompanyCase": "cases",
    "companies": "cases",
    "company": "cases",
    "company_cases": "cases",
    "company_readings": "cases",
    "gallery": "cases",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES)
callable_room(__name__, "cases", "companies")
