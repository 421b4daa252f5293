"""What the rules say of real companies, next to what each of them states to hold.

    from soclib import companies
    companies.company("adp")      # one company: verdict, statement, and what they say together
    companies.gallery()           # all of them, one row each, to look at

The room itself can be called: ``soclib.companies.companies()`` is the table as a DataFrame.
"""

from __future__ import annotations

from soclib.doors import callable_room, door

NAMES = {
    "Agreement": "agreements",
    "CompanyCase": "agreements",
    "companies": "frames",
    "company": "agreements",
    "company_cases": "agreements",
    "company_readings": "sheets",
    "gallery": "sheets",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES)
callable_room(__name__, "frames", "companies")
