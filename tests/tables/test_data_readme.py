"""The data dictionary says what the tables declare, and no table is left out."""

import re
import runpy
from pathlib import Path

from spoiling import NAMES, RECORD_OF

from soclib.tables.kinds import Origin

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "data_readme.py"))
README = (ROOT / "data" / "README.md").read_text(encoding="utf-8")


def test_the_data_dictionary_is_what_the_tables_declare():
    assert SCRIPT["text"]() == README, "run `python scripts/data_readme.py` and read the difference"


def test_every_table_has_its_place_in_the_dictionary():
    found = re.findall(r"^### (\w+)\.csv$", README, re.MULTILINE)
    assert sorted(found) == sorted(NAMES)


def test_every_column_says_what_it_means():
    silent = [
        (table, name)
        for table, record in RECORD_OF.items()
        for name, kind in record.schema.fields
        if not isinstance(kind, Origin) and not kind.says.strip()
    ]
    assert not silent
