"""Write the data dictionary: what data/README.md says below its mark is what the tables declare.

Run `python scripts/data_readme.py` after a declaration has changed; a test holds the two together.
"""

from types import ModuleType

from soclib.catalog import data_folder, table_modules
from soclib.tables.schema import Part, dictionary

README = data_folder() / "README.md"
MARK = "<!-- Below: written by scripts/data_readme.py, from the declarations in soclib. -->"
PLACES = {"comparison": "data/comparison.csv and "}


def chapter(module: ModuleType) -> str:
    """Return the tables of one room as Markdown."""
    room = module.__name__.split(".")[1]
    folder = f"{PLACES.get(room, '')}data/{room}/" if room != "words" else "data/<room>/words.csv"
    parts = [found for found in vars(module).values() if isinstance(found, Part)]
    tables = (dictionary(record) for part in parts for record in part.records)
    return "\n\n".join([f"## {folder}", (module.__doc__ or "").strip(), *tables])


def text() -> str:
    """Return the whole file as it should be."""
    head = README.read_text(encoding="utf-8").partition(MARK)[0]
    return f"{head}{MARK}\n\n" + "\n\n".join(map(chapter, table_modules())) + "\n"


if __name__ == "__main__":
    README.write_text(text(), encoding="utf-8")
