"""Write the blank checklists that the repository ships, from the tables."""

from pathlib import Path

import soclib
from soclib.trust.tables import TRUST
from soclib.verdict.tables import VERDICT

FOLDER = Path(__file__).resolve().parent.parent / "checklists"


def main() -> None:
    """Write one checklist per report."""
    catalog = soclib.load_catalog()
    made = {
        "soc2_readiness.xlsx": {
            "categories": [c.outcome_id for c in catalog.part(VERDICT).of_kind("category")]
        },
        "soc1_readiness.xlsx": {"services": list(catalog.part(TRUST).services)},
    }
    for name, what in made.items():
        print(soclib.readiness.blank_checklist(FOLDER / name, **what).name)


if __name__ == "__main__":
    main()
