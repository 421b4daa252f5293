"""Files that the user saves: the suffix says the format, and nothing is ever half-written."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from soclib.errors import SaveError

# What spreadsheets take for a formula at the start of a cell; the wide signs count in Japan.
FORMULA = re.compile("\\s*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
LANGUAGE = "en-GB"  # in which the tables are written, for screen readers
# Documents carry no real time, so that the same content is the same bytes, today and next year.
STAMP = datetime(2000, 1, 1)  # noqa: DTZ001 - Office files hold no zone


def defused(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula, with an apostrophe where needed."""
    return f"'{text}" if FORMULA.match(text) else text


def suffix_of(path: str | Path, known: Iterable[str]) -> str:
    """Return the suffix of a path in lower case; raises ``SaveError`` that names the known ones."""
    suffix, valid = Path(path).suffix.lower(), tuple(known)
    if suffix not in valid:
        message = f"{Path(path).name}: unknown suffix {suffix!r}; use one of {', '.join(valid)}"
        raise SaveError(message)
    return suffix


def write_whole(path: str | Path, content: bytes) -> Path:
    """Write a file, whole or not at all, and return its path with ``~`` resolved.

    Missing folders are made. If anything fails, a file that was there before stays as it was.
    """
    with whole_file(path) as temporary:
        temporary.write_bytes(content)
    return Path(path).expanduser()


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Give a temporary path to write to; what is written there is moved to ``path`` at the end.

    Missing folders are made. If anything fails, nothing new is left, and a file or folder that was
    there before stays as it was.
    """
    place = Path(path).expanduser().resolve()  # a link stays a link
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = place.with_name(f".{os.urandom(8).hex()}.tmp")
    try:
        yield temporary
        if place.exists():
            temporary.chmod(place.stat().st_mode)
        temporary.replace(place)
    except BaseException:
        if temporary.is_dir():
            from shutil import rmtree  # noqa: PLC0415 - 6 ms of `import soclib`

            rmtree(temporary)
        temporary.unlink(missing_ok=True)
        raise


def steady(package: bytes) -> bytes:
    """Return an Office file (a ZIP archive) without the time at which it was packed."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo  # noqa: PLC0415 - only Office files need it

    packed = io.BytesIO()
    with ZipFile(io.BytesIO(package)) as old, ZipFile(packed, "w") as new:
        for name in old.namelist():
            part = ZipInfo(name, STAMP.timetuple()[:6])
            part.compress_type = ZIP_DEFLATED
            part.create_system, part.external_attr = 3, 0o600 << 16  # on every system alike
            new.writestr(part, old.read(name))
    return packed.getvalue()
