"""A JupyterLab of its own: its folders, its settings, and the server that serves the notebooks."""

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
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
    # A slow save would ask what to do about a file that changed meanwhile.
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
}
START_SECONDS = 180
STOP_SECONDS = 60


@dataclass(frozen=True)
class Lab:
    """A JupyterLab: its address, the folder that it serves, and where its own files are."""

    url: str
    folder: Path
    home: Path
    env: dict[str, str]

    def trust(self, path: Path) -> Path:
        """Trust a notebook, as `make lab` does for the shipped ones; return its path."""
        with NotebookNotary(data_dir=self.env["JUPYTER_DATA_DIR"]) as notary:
            notary.sign(nbformat.read(path, as_version=4))
        return path

    def copy(self, notebook: str, name: str) -> Path:
        """Return a trusted copy of a notebook under a name of its own.

        A kernel of another notebook of the same name may still listen.
        """
        path = self.folder / f"{name}.ipynb"
        shutil.copy(self.folder / notebook, path)
        return self.trust(path)


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


def _answers(url: str, server: subprocess.Popen[bytes]) -> bool:
    """Return whether the server answers, which a busy machine may take long for."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/api", timeout=10).read()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.2)
        else:
            return True
    return False


@contextmanager
def _started(lab: Lab) -> Iterator[bool]:
    """Start the server; hand back whether it answers, and end it afterwards."""
    command = [
        *(sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1"),
        *(f"--port={lab.url.rpartition(':')[2]}", "--ServerApp.port_retries=0"),
        *("--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True"),
        *("--allow-root", f"--ServerApp.root_dir={lab.folder}"),
    ]
    with (lab.home / "server.log").open("ab") as log:
        server = subprocess.Popen(command, env=lab.env, stdout=log, stderr=log)
        try:
            yield _answers(lab.url, server)
        finally:
            server.terminate()
            server.wait(timeout=STOP_SECONDS)


@contextmanager
def serving(home: Path, tries: int = 2) -> Iterator[Lab]:
    """Serve copies of the notebooks, trusted as `make lab` leaves them.

    A server that does not answer is started once more, on another port: somebody else may have
    taken the first.
    """
    folder, env = home / "notebooks", _environment(home)
    shutil.copytree(ROOT / "notebooks", folder, ignore=shutil.ignore_patterns(".*"))
    for _try in range(tries):
        lab = Lab(f"http://127.0.0.1:{_free_port()}", folder, home, env)
        with _started(lab) as answers:
            if answers:
                for path in folder.glob("*.ipynb"):
                    lab.trust(path)
                yield lab
                return
    said = (home / "server.log").read_text(encoding="utf-8")[-2000:]
    message = f"JupyterLab did not start in {tries} tries; it said:\n{said}"
    raise TimeoutError(message)
