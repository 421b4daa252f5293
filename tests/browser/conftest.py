"""A real JupyterLab and a real Chromium, shared by the browser tests of one run."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lab_page import WINDOW, Desk, set_theme, stretch
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
}
START_SECONDS = 60


def find_chromium() -> str | None:
    """Return the path of an installed Chromium, or None."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as a browser test, and skip it where there is no browser."""
    missing = find_chromium() is None
    skip = pytest.mark.skip(
        reason="No Chromium found: run 'apt-get install chromium' to enable the browser tests."
    )
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if missing and os.environ.get("CI") != "true":
                item.add_marker(skip)


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its address and the folder that it serves."""

    url: str
    folder: Path
    env: dict[str, str]

    def address(self, name: str) -> str:
        """Return the address that opens a notebook in a fresh workspace."""
        return f"{self.url}/lab/tree/{name}?reset"

    def trust(self, path: Path) -> None:
        """Trust a notebook, as `make lab` does for the shipped ones."""
        command = [sys.executable, "-m", "jupyter", "trust", str(path)]
        subprocess.run(command, env=self.env, check=True, capture_output=True)


def _environment(home: Path) -> dict[str, str]:
    settings = home / "settings"
    for name, content in SETTINGS.items():
        path = settings / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    return {**os.environ, **{key: str(home / name) for key, name in folders.items()}}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail(f"JupyterLab ended at once with code {server.returncode}")
        try:
            urllib.request.urlopen(f"{url}/api", timeout=2).read()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"JupyterLab did not answer within {START_SECONDS} seconds")


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Serve copies of the notebooks, trusted as `make lab` leaves them."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "notebooks"
    shutil.copytree(ROOT / "notebooks", folder, ignore=shutil.ignore_patterns(".*"))
    env = _environment(home)
    port = _free_port()
    running = Lab(f"http://127.0.0.1:{port}", folder, env)
    for path in folder.glob("*.ipynb"):
        running.trust(path)
    command = [
        *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1"),
        *(f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token="),
        *("--allow-root", f"--ServerApp.root_dir={folder}"),
    ]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        try:
            _wait_for(running.url, server)
            yield running
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Return one Chromium for all tests of this process."""
    path = find_chromium()
    if path is None:
        pytest.fail("No Chromium found, and CI=true asks for the browser tests.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_FLAGS))
        yield chromium
        chromium.close()


# --- the ways to meet a view ---------------------------------------------------------------------
# A module has fixtures of its own for its ``desk`` and its ``openers``, by kind.


@pytest.fixture(scope="module")
def meet(desk: Desk, openers: dict[str, Any]) -> Any:
    """Return a view of one kind as a reader finds it; each is opened when it is first met."""
    opened: dict[str, Any] = {}

    def fresh(kind: str) -> Any:
        if kind not in opened:
            opened[kind] = openers[kind](desk)
        desk.show(opened[kind])
        opened[kind].start_over()
        return opened[kind]

    return fresh


@pytest.fixture(scope="module", params=["stored", "widget", "run"])
def kind(request: pytest.FixtureRequest) -> Any:
    """Return a way to meet a view: without a kernel, with one before any run, after Run All."""
    return request.param


@pytest.fixture
def view(meet: Any, kind: str) -> Any:
    """Return a fresh view, in each of the three ways to meet it."""
    return meet(kind)


@pytest.fixture
def look(request: pytest.FixtureRequest, desk: Desk) -> Iterator[str]:
    """Show whole notebooks in a theme or in a narrow window, and put JupyterLab back afterwards."""
    if request.param == "dark":
        set_theme(desk.page, "JupyterLab Dark")
    stretch(desk.page, 700 if request.param == "narrow" else WINDOW["width"])
    yield request.param
    desk.page.set_viewport_size(WINDOW)
    if request.param == "dark":
        set_theme(desk.page, "JupyterLab Light")
