"""A page of HTML as a PDF, printed by a Chromium that is installed on this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from soclib.saving import STAMP, SaveError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--generate-pdf-document-outline",
)
SECONDS = 120  # a page takes about two; a machine may be busy
DATES = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[^)]*\)")


def find_browser() -> str:
    """Return the path of an installed Chromium; raises ``SaveError`` that says what to install."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    message = (
        "no PDF: it is printed by Chromium, and none is on this machine; install chromium "
        "(Debian, Ubuntu: apt-get install chromium), or print the slides from any browser"
    )
    raise SaveError(message)


def pdf_bytes(html: str) -> bytes:
    """Return a page of HTML as a PDF, the same bytes for the same page and browser.

    Raises ``SaveError`` where there is no Chromium, and where it prints nothing.
    """
    browser = find_browser()
    with tempfile.TemporaryDirectory(prefix="soclib-") as folder:
        page, printed = Path(folder, "page.html"), Path(folder, "page.pdf")
        page.write_text(html, encoding="utf-8")
        said = _print(browser, folder, page, printed)
        if not printed.is_file():
            message = f"no PDF: {browser} printed nothing: {said[-300:] or 'it did not say why'}"
            raise SaveError(message)
        return DATES.sub(_undated, printed.read_bytes())


def _print(browser: str, folder: str, page: Path, printed: Path) -> str:
    """Print a page to a file, and return what the browser complained about."""
    # Chromium refuses its sandbox to root, as in a container; the page is ours and loads nothing.
    root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    command = [browser, *FLAGS, *root, f"--user-data-dir={folder}/profile"]
    try:
        done = subprocess.run(  # noqa: S603 - our own page, in a browser found on PATH
            [*command, f"--print-to-pdf={printed}", page.as_uri()],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return done.stderr.strip()


def _undated(found: re.Match[bytes]) -> bytes:
    """Return a date of a PDF as a fixed one of the same length, for nothing in it may move."""
    stamp = f"/{found[1].decode()} (D:{STAMP:%Y%m%d%H%M%S}+00'00'"
    return stamp.encode()[: len(found[0]) - 1].ljust(len(found[0]) - 1) + b")"
