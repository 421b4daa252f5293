"""The table of a role play: choose a role, answer for it, and watch the board.

The controls are ipywidgets' own, each reached by keyboard and named by its question; the board is
HTML. Before any kernel runs, the saved notebook shows the board as it was.
"""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

from soclib.catalog import Catalog, load_catalog
from soclib.paper.styles import sheet_css
from soclib.people.roles import role_case, role_names
from soclib.people.sheets import board, splits_text
from soclib.people.splits import disagreement
from soclib.people.tables import PEOPLE
from soclib.tables.rows import ANSWERS, VOICES
from soclib.verdict.tables import VERDICT, Criterion
from soclib.views.standin import show_live
from soclib.words import fill, words_of

WIDE = {"style": {"description_width": "min(40em, 62%)"}, "layout": {"width": "min(56em, 98%)"}}
BUTTON = {"width": "auto", "align_self": "flex-start"}
SHORT = {"style": {"description_width": "9em"}, "layout": {"width": "min(30em, 98%)"}}


class RoleTable(widgets.VBox):
    """Answers by role to one case, and the board that shows what follows.

    ``answers`` holds what each role answered, by role and criterion; a blank ``case_id`` is the
    user's own case. ``choices`` are the controls of the role that answers now.
    """

    def __init__(self, case_id: str = "", *, catalog: Catalog | None = None) -> None:
        self.catalog = catalog or load_catalog()
        words = self.words = words_of(self.catalog, VOICES[0])
        names = role_names(self.catalog)
        self.answers: dict[str, dict[str, str]] = {role_id: {} for role_id in names}
        cases = [(words["role_own_case"], "")]
        cases += [(case.title, key) for key, case in self.catalog.part(PEOPLE).cases.items()]
        if case_id:
            role_case(case_id, self.catalog)
        self.case = widgets.Dropdown(
            description=words["role_case"], options=cases, value=case_id, **SHORT
        )
        self.role = widgets.Dropdown(
            description=words["role_who"],
            options=[(name, key) for key, name in names.items()],
            **SHORT,
        )
        self.more = widgets.Checkbox(description=words["role_more"], indent=False)
        self.clear = widgets.Button(description=words["role_clear"], layout=BUTTON)
        self.story, self.status, self.board = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.form = widgets.VBox()
        self.choices: dict[str, widgets.Dropdown] = {}
        answering = (self.story, self.more, self.form, self.clear)
        super().__init__([self.case, self.role, *answering, self.status, self.board])
        self.add_class("soc-live")
        self.add_class("soc-form")
        self.case.observe(lambda _: self._begin(), names="value")
        self.role.observe(lambda _: self._ask(), names="value")
        self.more.observe(lambda _: self._ask(), names="value")
        self.clear.on_click(lambda _: self._forget())
        self._begin()

    # --- what happens ---------------------------------------------------------------------------

    def _begin(self) -> None:
        """Start with what the roles of the chosen case answer before anybody talks."""
        case = self.catalog.part(PEOPLE).cases.get(self.case.value)
        start = case.answers if case else {}
        self.answers = {role_id: dict(start.get(role_id, {})) for role_id in self.answers}
        self._ask()
        self._draw()

    def _asked(self) -> list[Criterion]:
        """Return the quick questions and those that anybody answered, or all questions."""
        first = self.catalog.part(VERDICT).groups[0].group_id
        touched = {key for given in self.answers.values() for key in given}
        return [
            criterion
            for criterion in self.catalog.part(VERDICT).criteria
            if VOICES[0] in criterion.questions
            and (
                self.more.value or criterion.group_id == first or criterion.criterion_id in touched
            )
        ]

    def _ask(self) -> None:
        """Show the questions with the answers of the role that answers now."""
        role = self.catalog.part(PEOPLE).roles[self.role.value]
        case = self.catalog.part(PEOPLE).cases.get(self.case.value)
        story = f"<p>{escape(case.story)}</p>" if case else ""
        self.story.value = (
            f"{story}<p><b>{escape(self.words['role_cares'])}</b> {escape(role.cares_about)} "
            f"<b>{escape(self.words['role_hint'])}</b> {escape(role.hint)}</p>"
        )
        labels = [(self.words["role_untouched"], "")]
        labels += [(self.words[f"role_{answer}"], answer) for answer in ANSWERS]
        given = self.answers[self.role.value]
        self.choices = {}
        for criterion in self._asked():
            key = criterion.criterion_id
            choice = widgets.Dropdown(
                description=criterion.questions[VOICES[0]].question,
                options=labels,
                value=given.get(key, ""),
                **WIDE,
            )
            choice.observe(lambda change, key=key: self._answer(key, change["new"]), names="value")
            self.choices[key] = choice
        self.form.children = tuple(self.choices.values())

    def _answer(self, criterion_id: str, answer: str) -> None:
        given = self.answers[self.role.value]
        given.pop(criterion_id, None)
        if answer:
            given[criterion_id] = answer
        self._draw()
        question = self.catalog.part(VERDICT).criterion(criterion_id).questions[VOICES[0]].question
        self._say(
            "role_changed",
            fact=question,
            answer=self.words[f"role_{answer}" if answer else "role_untouched"],
            splits=splits_text(disagreement(self.answers, catalog=self.catalog), self.catalog),
        )

    def _forget(self) -> None:
        self.answers[self.role.value] = {}
        self._ask()
        self._draw()
        self._say("role_cleared")

    # --- what is shown --------------------------------------------------------------------------

    def _draw(self) -> None:
        sheet = board(self.answers, self.catalog)
        self.board.value = f'<style>{sheet_css()}</style><div class="soc-sheet">{sheet.html}</div>'

    def _say(self, text_id: str, **parts: str) -> None:
        # A paragraph that is a status, so that a screen reader says what happened.
        role = self.catalog.part(PEOPLE).roles[self.role.value].role
        text = fill(self.words[text_id], {"role": role, **parts})
        self.status.value = f'<p role="status">{escape(text)}</p>'

    def __str__(self) -> str:
        return board(self.answers, self.catalog).text

    def _ipython_display_(self) -> None:
        """Show the board as it is now, for readers without a kernel, then the table itself."""
        note = f'<p class="soc-hint">{escape(self.words["role_standby"])}</p>'
        show_live(self, f"{self.board.value}{note}", says=str(self))


def play(case_id: str = "", *, catalog: Catalog | None = None) -> RoleTable:
    """Return a table at which each role answers for itself, and the board shows what follows.

    ``case_id`` is one of the invented cases, such as ``archive``; blank starts with a case of the
    user's own. Raises ``AnswerError`` that names the nearest id.
    """
    return RoleTable(case_id, catalog=catalog)
