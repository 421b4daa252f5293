"""The readiness desk: one page of a programme, and a form for one item of it.

The controls are ipywidgets' own, all of them reached by keyboard and named; what is shown is one
HTML table. Before any kernel runs, the saved notebook shows the page as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import ipywidgets as widgets

from soclib.errors import SaveError
from soclib.paper.styles import sheet_css
from soclib.readiness.exchange import ImportPlan, plan_import, take_in
from soclib.readiness.items import PROGRAMME
from soclib.readiness.pages import KINDS, NOBODY, VIEWS, FormField, PageQuery, fields, owners, show
from soclib.readiness.programme import Programme
from soclib.readiness.store import ConflictError, ReadinessError
from soclib.views.standin import show_live
from soclib.words import Words, fill, words_of

WIDE = {"style": {"description_width": "11em"}, "layout": {"width": "min(46em, 98%)"}}
LONG = ("control", "note", "service")


class Draft(NamedTuple):
    """What somebody typed into a form and has not saved, and which revision they saw."""

    revision: int
    cells: dict[str, str]


def desk(programme: Programme, view: str = VIEWS[0]) -> ReadinessDesk:
    """Return controls to look through a readiness programme and to change it.

    ``view`` is the page that it opens with: overview, missing_type_1, missing_type_2, controls,
    evidence, complementary, subservice or history.
    """
    return ReadinessDesk(programme, view)


class ReadinessDesk(widgets.VBox):
    """Look through a programme and change it; ``query`` says which page is shown."""

    def __init__(self, programme: Programme, view: str = VIEWS[0]) -> None:
        self.programme = programme
        words = self.words = words_of(programme.catalog, programme.scope.side)
        self.view = widgets.Dropdown(
            description=words["readiness_view"],
            options=[(words[f"readiness_view_{name}"], name) for name in VIEWS],
            value=view,
            **WIDE,
        )
        self.search = widgets.Text(
            description=words["readiness_search"], continuous_update=False, **WIDE
        )
        self.owner = widgets.Dropdown(description=words["readiness_owner"], options=[""], **WIDE)
        self.back, self.on, self.reload = (
            _button(words, name) for name in ("back", "on", "reload")
        )
        self.table, self.said = widgets.HTML(), widgets.HTML()
        self.item = widgets.Dropdown(description=words["readiness_item"], options=[], **WIDE)
        self.form = widgets.VBox()
        self.inputs: dict[str, Any] = {}
        self._stored: dict[str, str] = {}
        self._page = 1
        self._open_key: tuple[str, str] | None = None
        self._revision = 0
        self._drafts: dict[tuple[str, str], Draft] = {}
        self.file = widgets.Text(
            description=words["readiness_file"], placeholder=words["readiness_file_hint"], **WIDE
        )
        self.check, self.take = (_button(words, name) for name in ("check", "take"))
        self.take.disabled = True
        self.progress = widgets.IntProgress(description=words["readiness_progress"], **WIDE)
        self.plan: ImportPlan | None = None
        hint = widgets.HTML(f'<p class="soc-hint">{escape(words["readiness_hint"])}</p>')
        pages = _row(self.back, self.on, self.reload)
        finding = [self.view, self.search, self.owner]
        super().__init__(
            [
                *(hint, *finding, self.table, pages, self.item, self.form, self.said),
                *(self.file, _row(self.check, self.take), self.progress),
            ]
        )
        for control in (self.view, self.search, self.owner):
            control.observe(self._turn_to_start, names="value")
        self.item.observe(self._open_item, names="value")
        self._list_owners()
        self.add_class("soc-live")
        self.back.on_click(lambda _: self._turn(-1))
        self.on.on_click(lambda _: self._turn(1))
        self.reload.on_click(lambda _: self._reload())
        self.check.on_click(lambda _: self._check_file())
        self.take.on_click(lambda _: self._take_file())
        self.file.observe(self._forget_plan, names="value")
        self._refresh()

    @property
    def query(self) -> PageQuery:
        """Return which page is shown."""
        return PageQuery(self.view.value, self.search.value, self.owner.value, self._page)

    # --- what is shown ------------------------------------------------------------------------

    def _list_owners(self) -> None:
        words = self.words
        everybody = [(words["readiness_everybody"], ""), (words["readiness_nobody"], NOBODY)]
        chosen = self.owner.value or ""
        known = owners(self.programme)
        self.owner.unobserve(self._turn_to_start, names="value")
        self.owner.options = [*everybody, *((name, name) for name in known)]
        self.owner.value = chosen if chosen in ("", NOBODY, *known) else ""
        self.owner.observe(self._turn_to_start, names="value")

    def _turn_to_start(self, _change: object) -> None:
        self._page = 1
        self._refresh()

    def _turn(self, step: int) -> None:
        self._page += step
        self._refresh()

    def _reload(self) -> None:
        try:
            changed = self.programme.refresh()
        except ReadinessError as error:
            self._say(str(error))
            return
        self._list_owners()
        self._refresh()
        self._say(self.words["readiness_refreshed" if changed else "readiness_fresh"])

    def _refresh(self) -> None:
        try:
            page = show(self.programme, self.query)
        except ReadinessError as error:
            self._say(str(error))
            return
        self._page = page.page
        self.table.value = f'<style>{sheet_css()}</style><div class="soc-sheet">{page.html}</div>'
        self.back.disabled, self.on.disabled = page.page == 1, page.page == page.pages
        kept = self._open_key
        kinds = [KINDS[self.view.value]] if self.view.value in KINDS else []
        new = [(self.words["readiness_new"], (kind, "")) for kind in kinds]
        known = [(f"{kind} {item_id}", (kind, item_id)) for kind, item_id in page.items]
        options = [("", None), *new, *known]
        if kept and kept not in [value for _, value in options]:
            options.append((" ".join(kept), kept))  # a form that is open stays open
        # Setting the options resets the value, and nobody chose that.
        self.item.unobserve(self._open_item, names="value")
        self.item.options = options
        self.item.value = kept
        self.item.observe(self._open_item, names="value")

    def _say(self, text: str) -> None:
        # A paragraph with a role of its own, so that a screen reader says what happened.
        self.said.value = f'<p role="status">{escape(text)}</p>'.replace("\n", "<br>")

    # --- the form -----------------------------------------------------------------------------

    def _open_item(self, _change: object) -> None:
        if self.item.value != self._open_key:  # opening it again would lose what was typed
            self._open(self.item.value)

    def _open(self, chosen: tuple[str, str] | None) -> None:
        """Show the form of an item as it is stored, or with what was typed and not saved."""
        self._keep_draft()
        self._open_key = chosen
        if chosen is None:
            self.inputs, self.form.children = {}, ()
            return
        held = self.programme.items(chosen[0]).get(chosen[1])
        form = fields(self.programme, *chosen)
        draft = self._drafts.pop(chosen, Draft(held.revision if held else 0, {}))
        self._revision = draft.revision
        self._stored = {field.column: field.value for field in form.fields}
        self.inputs = {field.column: _input(field) for field in form.fields}
        for column, text in draft.cells.items():
            self.inputs[column].value = text
        buttons = [self._button("save", self._save)]
        if chosen[1] and chosen[0] != PROGRAMME:
            buttons.append(self._button("remove", self._remove))
        if form.takes_evidence:
            buttons.append(self._button("add_evidence", self._add_evidence))
        note = widgets.HTML(form.note_html)
        self.form.children = (note, *self.inputs.values(), _row(*buttons))

    def _typed(self) -> dict[str, str]:
        """Return the cells of the form that differ from what is stored."""
        cells = {column: str(control.value or "") for column, control in self.inputs.items()}
        return {column: text for column, text in cells.items() if text != self._stored[column]}

    def _keep_draft(self) -> None:
        if self._open_key and (cells := self._typed()):
            self._drafts[self._open_key] = Draft(self._revision, cells)

    def _close(self) -> None:
        """Close the form and drop what was typed into it."""
        self._open_key, self.inputs = None, {}

    def _button(self, name: str, act: Callable[[], None]) -> widgets.Button:
        button = _button(self.words, name)
        button.on_click(lambda _: act())
        return button

    def _save(self) -> None:
        kind, item_id = self._open_key or ("", "")
        cells = {column: str(control.value or "") for column, control in self.inputs.items()}

        def save() -> str:
            if not item_id:
                return self.programme.add(kind, **cells)
            self.programme.set(kind, item_id, self._revision, **cells)
            return item_id

        self._do("saved", save)

    def _remove(self) -> None:
        kind, item_id = self._open_key or ("", "")

        def remove() -> str:
            self.programme.remove(kind, item_id, self._revision)
            return item_id

        self._do("removed", remove)

    def _do(self, done: str, act: Callable[[], str]) -> None:
        """Do something and say so; if it fails, say why and leave the form as it is."""
        try:
            item_id = act()
        except (ReadinessError, SaveError) as error:
            if isinstance(error, ConflictError):
                self._see_both(error, done)
            self._say(str(error))
            return
        kind = (self._open_key or ("", ""))[0]
        if done != "taken":  # the form of an import stays as it was filled in
            self._close()
            self._open((kind, item_id) if done == "saved" else None)
        elif not self._typed():
            self._open(self._open_key)
        self._list_owners()
        self._refresh()
        self._say(fill(self.words[f"readiness_{done}"], {"item": item_id}))

    def _see_both(self, error: ConflictError, done: str) -> None:
        """Let the form be saved over the other version, now that both have been shown."""
        for conflict in error.conflicts:
            is_open = (conflict.ours.kind, conflict.ours.item_id) == self._open_key
            if is_open and conflict.theirs and done != "taken":
                self._revision = conflict.theirs.revision
        self.programme.refresh()

    def _add_evidence(self) -> None:
        """Open the form for new evidence, with the item that it is for filled in."""
        _kind, item_id = self._open_key or ("", "")
        self.view.value = "evidence"
        self.item.value = ("evidence", "")
        self.inputs["control_id"].value = item_id

    # --- a filled-in file ---------------------------------------------------------------------

    def _forget_plan(self, _change: object) -> None:
        self.plan, self.take.disabled = None, True

    def _check_file(self) -> None:
        """Say what the import of a file would do, with every problem; write nothing."""
        self._forget_plan(None)
        try:
            plan = plan_import(self.programme, Path(self.file.value.strip()))
        except (ReadinessError, SaveError) as error:
            self._say(str(error))
            return
        self.plan, self.take.disabled = plan, bool(plan.problems) or not plan.edits
        self._say(str(plan))

    def _take_file(self) -> None:
        if self.plan is None:
            return
        plan = self.plan

        def act() -> str:
            take_in(self.programme, plan, self._show_progress)
            return plan.name

        self._forget_plan(None)
        self._do("taken", act)

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.max, self.progress.value = total, done

    # --- as text ------------------------------------------------------------------------------

    def __str__(self) -> str:
        return show(self.programme, self.query).text

    def _ipython_display_(self) -> None:
        """Show the page as it is now, for readers without a kernel, then the desk itself."""
        note = f'<p class="soc-hint">{escape(self.words["readiness_standby"])}</p>'
        show_live(self, f"{self.table.value}{note}", says=str(self))


def _button(words: Words, name: str) -> widgets.Button:
    """Return a button as wide as its text."""
    return widgets.Button(description=words[f"readiness_{name}"], layout={"width": "auto"})


def _row(*children: widgets.DOMWidget) -> widgets.HBox:
    """Return controls next to each other, or below each other in a narrow window."""
    return widgets.HBox(children, layout={"flex_flow": "row wrap"})


def _input(field: FormField) -> widgets.DOMWidget:
    """Return the control for one cell."""
    if field.options:
        options = [(label, value) for value, label in field.options]
        if field.value not in [value for _, value in options]:
            options.append((field.value, field.value))
        return widgets.Dropdown(description=field.label, options=options, value=field.value, **WIDE)
    kind = widgets.Textarea if field.column in LONG else widgets.Text
    return kind(description=field.label, value=field.value, placeholder=field.hint, **WIDE)
