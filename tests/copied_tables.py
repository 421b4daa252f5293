"""The project's tables for tests that change some of them: where each is, and a copy of all."""

import csv
import shutil

from soclib.catalog import data_folder

WORDS = "words"  # the one table in several files: each room has its own texts


def shipped(name):
    """Return the path of one of the project's tables, by its name."""
    (path,) = data_folder().rglob(f"{name}.csv")
    return path


def rows_of(path):
    """Return the rows of a file as texts by column."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def write_rows(path, rows):
    """Write rows as a table."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def copy_tables(folder):
    """Copy all tables into a new folder, none of them in a folder of its own, all texts in one."""
    folder.mkdir(parents=True)
    words = []
    for path in sorted(data_folder().rglob("*.csv")):
        if path.stem == WORDS:
            words += rows_of(path)
        else:
            shutil.copy(path, folder)
    write_rows(folder / f"{WORDS}.csv", words)
