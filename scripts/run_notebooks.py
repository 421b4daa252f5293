"""Run every notebook from top to bottom and store its outputs; running twice changes nothing.

Widget state is stored too: that is what lets a saved panel answer before any kernel runs. Its
random model ids are replaced by stable ones, so that a second run leaves no diff.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
VIEW = "application/vnd.jupyter.widget-view+json"
LIVE_ONLY = "soc_live_only"  # a widget that only a kernel can answer is not stored: see standin.py
STATE = "application/vnd.jupyter.widget-state+json"
STARTS = 3  # a kernel may fail to start on a busy machine; nothing has run by then
# In seconds, and generous: a busy machine is slow, not wrong.
WAITING = {"startup_timeout": 180, "timeout": 600, "iopub_timeout": 60}


def run(path: Path, *, allow_errors: bool = False) -> nbformat.NotebookNode:
    """Return the notebook as it reads after a run in a fresh kernel, in its own folder.

    With ``allow_errors`` a cell that raises stores its error, and the cells after it run too.
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.pop("widgets", None)
    client = NotebookClient(
        notebook,
        **WAITING,
        raise_on_iopub_timeout=True,
        allow_errors=allow_errors,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    start(client)
    client.execute()
    return tidy(notebook, path.stem)


def start(client: NotebookClient) -> None:
    """Start the kernel in which the client is to run its notebook; try again when it fails."""
    for left in reversed(range(STARTS)):
        client.create_kernel_manager()
        client.start_new_kernel()
        try:
            client.start_new_kernel_client()
        except RuntimeError:  # it died, or it did not answer in time
            if not left:
                raise
        else:
            return


def joined(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Return outputs with what was printed in one piece; a busy machine sends it in several."""
    found: list[nbformat.NotebookNode] = []
    for output in outputs:
        last = found[-1] if found else None
        if last and "stream" == output.output_type == last.output_type and last.name == output.name:
            last.text += output.text
        else:
            found.append(output)
    return found


def tidy(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    """Return the notebook with stable widget ids and without what differs between machines."""
    notebook.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        if "outputs" in cell:
            cell.outputs = joined(cell.outputs)
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        if output.get("metadata", {}).get(LIVE_ONLY):
            output["data"].pop(VIEW, None)
        if output.output_type == "stream":  # a busy machine may drop the last line end
            output.text = output.text.rstrip("\n") + "\n"
    widgets = notebook.metadata.get("widgets", {}).get(STATE)
    if not widgets or not widgets["state"]:
        notebook.metadata.pop("widgets", None)
        return notebook
    text = nbformat.writes(notebook)
    order = _in_order(widgets["state"], notebook)
    if not order:
        notebook.metadata.pop("widgets", None)
        return notebook
    for number, model_id in enumerate(order):
        text = text.replace(model_id, stable_id(name, number))
    stable = nbformat.reads(text, as_version=4)
    state = stable.metadata["widgets"][STATE]["state"]
    shown = [stable_id(name, number) for number in range(len(order))]
    stable.metadata["widgets"][STATE]["state"] = {key: state[key] for key in sorted(shown)}
    return stable


def stable_id(name: str, number: int) -> str:
    """Return a model id that depends on the notebook and on the place in it only."""
    return hashlib.sha256(f"{name}-{number}".encode()).hexdigest()[:32]


def _in_order(state: dict, notebook: nbformat.NotebookNode) -> list[str]:
    """Return the ids of the displayed models and of all that they lead to, parents first."""
    shown = [
        output["data"][VIEW]["model_id"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if VIEW in output.get("data", {})
    ]
    found = [model_id for model_id in shown if model_id in state]
    for model_id in found:  # grows while it is read: a panel leads to its toggles
        text = json.dumps(state[model_id])
        found += [other for other in state if other not in found and other in text]
    return _by_reference(found, state)


def _by_reference(found: list[str], state: dict) -> list[str]:
    """Return model ids in the order in which their parents name them."""
    ordered: list[str] = []
    for model_id in found:
        text = json.dumps(state[model_id])
        named = sorted((text.index(other), other) for other in found if other in text)
        ordered += [model_id, *(other for _at, other in named)]
    return list(dict.fromkeys(ordered))


def main(names: list[str]) -> int:
    """Run the named notebooks, or all; return 0."""
    for path in sorted(FOLDER.glob("*.ipynb")):
        if names and path.stem not in names:
            continue
        print(f"running {path.name}", flush=True)
        nbformat.write(run(path), path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
