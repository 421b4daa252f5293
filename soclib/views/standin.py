"""What a view shows where no kernel answers: the same view as plain HTML with its own script.

JupyterLab's widget manager draws nothing, not even a fallback, until a kernel answers. So each view
is shown twice: first a stand-in, then the widget, which takes over what the user did meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import anywidget
import ipywidgets as widgets

from soclib.views.files import content

PREFERRED = "application/vnd.jupyter.widget-view+json"
LIVE_ONLY = "soc_live_only"
# What a stand-in has to know of a control, by its class.
TRAITS: Mapping[type[widgets.DOMWidget], tuple[str, ...]] = {
    widgets.ToggleButtons: ("_options_labels", "index"),
    widgets.ToggleButton: ("description", "value"),
    widgets.Text: ("description", "value"),
    widgets.DatePicker: ("description", "value"),
}
Controls = Mapping[str, Sequence[widgets.DOMWidget]]


class Files(NamedTuple):
    """The scripts and style sheets of a view, by room and name; ``kind`` is that of its script."""

    kind: str
    scripts: tuple[str, ...]
    styles: tuple[str, ...]

    @property
    def script(self) -> str:
        """Return the scripts as one module."""
        return _joined(*self.scripts)

    @property
    def style(self) -> str:
        """Return the style sheets as one."""
        return _joined(*self.styles)


def _joined(*names: str) -> str:
    return "\n".join(content(name) for name in names)


def standin_html(files: Files, place: str, state: Mapping[str, Any], controls: Controls) -> str:
    """Return a view as one HTML fragment that answers without any kernel or network.

    ``place`` is the HTML that is shown until the script runs, ``state`` holds the traits that
    the script reads, ``controls`` the ipywidgets that it lays out, by trait.
    """
    specs = {trait: [_spec(control) for control in group] for trait, group in controls.items()}
    content = json.dumps({"state": state, "controls": specs}, ensure_ascii=False)
    content = content.replace("<", "\\u003c")  # so that no text can end the script element
    return (
        f'<div class="soc-standby" data-kind="{files.kind}"><style>{files.style}</style>'
        f'<div class="soc-place">{place}</div>'
        f'<script type="application/json">{content}</script>'
        f'<script type="module">{files.script}\n{_joined("views/standalone.js")}</script></div>'
    )


def _spec(control: widgets.DOMWidget) -> dict[str, Any]:
    state = {name: getattr(control, name) for name in TRAITS[type(control)]}
    days = {name: day.isoformat() for name, day in state.items() if isinstance(day, date)}
    return {"kind": type(control).__name__, **state, **days}


def switches_text(controls: Iterable[widgets.DOMWidget], words: Mapping[str, str]) -> str:
    """Return every control with its present state, one a line."""
    state = {True: words["switch_on"], False: words["switch_off"]}
    return "\n".join(
        f"{control.description} [{state.get(control.value, control.value)}]"
        + (" (disabled)" if control.disabled else "")
        for control in controls
    )


def show(view: anywidget.AnyWidget, standin: str, *, says: str, switches: str) -> None:
    """Display a stand-in and then the widget that takes over from it.

    ``says`` is what the view shows, in words, and ``switches`` its controls with their state: both
    outputs carry their words as text.
    """
    from IPython.display import display  # noqa: PLC0415 - there only where it is called

    bundle = anywidget.AnyWidget._repr_mimebundle_(view)
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
    widget = {PREFERRED: data[PREFERRED], "text/html": "", "text/plain": switches}
    display({"text/html": standin, "text/plain": says}, raw=True)  # type: ignore[no-untyped-call]
    display(widget, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]


def show_live(view: widgets.DOMWidget, saved: str, *, says: str) -> None:
    """Display a page as it is now, and then the widget, which hides it where a kernel answers.

    For a view that writes to a file and so cannot work without a kernel. Its widget is not stored
    in a notebook, because its controls would look alive there but do nothing.
    """
    from IPython.display import display  # noqa: PLC0415 - as above

    page = f'<div class="soc-saved">{saved}<script>{_joined("views/saved.js")}</script></div>'
    data = widgets.DOMWidget._repr_mimebundle_(view)
    widget = {PREFERRED: data[PREFERRED], "text/html": ""}
    display({"text/html": page, "text/plain": says}, raw=True)  # type: ignore[no-untyped-call]
    display(widget, metadata={LIVE_ONLY: True}, raw=True)  # type: ignore[no-untyped-call]
