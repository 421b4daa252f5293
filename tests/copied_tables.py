"""The project's tables for tests that change some of them: where each is, and a copy of all."""

import shutil

from soclib.catalog import data_folder, table_paths


def shipped(name):
    """Return the path of one of the project's tables, by its name."""
    (path,) = table_paths(data_folder())[name]
    return path


def copy_tables(folder):
    """Copy all tables into a new folder, none of them in a folder of its own."""
    folder.mkdir(parents=True)
    for (path,) in table_paths(data_folder()).values():
        shutil.copy(path, folder)
