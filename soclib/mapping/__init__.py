"""Other people's maps between the trust services criteria and ISO/IEC 27001, read and checked.

    from soclib import mapping
    report = mapping.lint("data/trust/crosswalk.csv")  # a CSV table, or OSCAL or CISO Assistant
    print(report)                                      # what is wrong; also report.to_csv()

Each name is documented where it is defined, and loaded when it is first asked for.
"""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "LintFinding": "findings",
    "LintReport": "report",
    "MappingError": "records",
    "lint": "report",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES)
