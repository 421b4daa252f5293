"""The request desk: paste a request, see what was read, edit the answers, copy the reply.

The answers are in the panel that the other notebooks use, so that the verdict follows a toggle in
the browser. Before any kernel runs, the saved notebook shows the request as it was read.
"""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

from soclib.catalog import Catalog, load_catalog
from soclib.requests.request import Request, RequestError, read
from soclib.requests.sheets import asked_html, read_html, request_css, request_html
from soclib.tables.rows import VOICES
from soclib.verdict.view import Panel
from soclib.views.standin import show_live
from soclib.words import fill, words_of

WIDE = {"style": {"description_width": "7em"}, "layout": {"width": "min(60em, 98%)"}}
FIT = {"width": "auto", "align_self": "flex-start"}  # as wide as its words
TALL = {**WIDE, "layout": {"width": "min(60em, 98%)", "height": "14em"}}


def desk(text: str = "", voice: str = VOICES[0], *, catalog: Catalog | None = None) -> RequestDesk:
    """Return a place to paste a request: marked words, answers as toggles, verdict and reply.

    A ``text`` is read at once; ``voice`` is whose side decides, the vendor's or the buyer's.
    """
    return RequestDesk(text, voice, catalog=catalog)


class RequestDesk(widgets.VBox):
    """Read a pasted request; ``request`` is what was read, with the answers as edited since."""

    def __init__(
        self, text: str = "", voice: str = VOICES[0], *, catalog: Catalog | None = None
    ) -> None:
        self.catalog = catalog or load_catalog()
        words = self.words = words_of(self.catalog, VOICES[0])
        self.request: Request | None = None
        self._drafted = ""  # the reply as it was last drafted here
        self.paste = widgets.Textarea(description=words["request_paste"], value=text, **TALL)
        self.side = widgets.Dropdown(
            description=words["request_voice"],
            options=[(words[f"request_voice_{name}"], name) for name in VOICES],
            value=voice,
            **WIDE,
        )
        self.read = widgets.Button(description=words["request_read"], layout=FIT)
        self.said, self.marks, self.needed = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.panel = Panel({}, voice, catalog=self.catalog)
        self.reply = widgets.Textarea(description=words["request_reply"], **TALL)
        self.renew = widgets.Button(description=words["request_renew"], disabled=True, layout=FIT)
        super().__init__(
            [
                *(_note(words["request_hint"]), self.paste, self.side, self.read, self.said),
                *(self.marks, self.needed, _note(words["request_reply_hint"]), self.reply),
                *(self.renew, _note(words["request_answers_hint"]), self.panel),
            ]
        )
        self.add_class("soc-live")
        self.read.on_click(lambda _: self.read_now())
        self.renew.on_click(lambda _: self._renew())
        for toggle in self.panel.toggles:
            toggle.observe(self._edited, names="index")
        self.panel.observe(self._edited, names="voice")
        self._filling = False
        if text.strip():
            self.read_now()

    # --- reading ------------------------------------------------------------------------------

    def read_now(self) -> None:
        """Read what was pasted; if it cannot be read, say why and keep the last request."""
        try:
            request = read(self.paste.value, self.side.value, catalog=self.catalog)
        except RequestError as error:
            self._say(str(error))
            return
        self.request = request
        self._set_toggles(request)
        self.marks.value = _styled(read_html(request))
        self._show_needed()
        self._renew()
        places = {(span.start, span.end) for span in request.spans}
        counts = {"count": str(len(places)), "answers": str(len(request.answers))}
        self._say(fill(self.words["request_was_read"], counts))

    def _set_toggles(self, request: Request) -> None:
        """Set the toggles to what was read."""
        self._filling = True
        try:
            self.panel.load({"answers": request.answers, "voice": request.decision.voice})
        finally:
            self._filling = False

    # --- editing ------------------------------------------------------------------------------

    def _edited(self, _change: object) -> None:
        """Update what is needed, and the reply unless somebody has edited it."""
        if self._filling or self.request is None:
            return
        self.request = self.request.answered(self.panel.answers, self.panel.voice)
        self._show_needed()
        if self.reply.value == self._drafted:
            self._renew()
        self._say(self.request.decision.to_dict()["headline"])

    def _show_needed(self) -> None:
        if self.request:
            self.needed.value = _styled(asked_html(self.request))

    def _renew(self) -> None:
        """Draft the reply again from the current answers."""
        if self.request:
            self._drafted = self.reply.value = self.request.reply_text.strip()
            self.renew.disabled = False
            self._say(self.words["request_was_renewed"])

    def _say(self, text: str) -> None:
        self.said.value = f'<p role="status">{escape(text)}</p>'

    # --- as text ------------------------------------------------------------------------------

    def __str__(self) -> str:
        """Return what was read as text, or what to do first."""
        return str(self.request) if self.request else self.words["request_hint"]

    def _ipython_display_(self) -> None:
        """Show the request as it was read, for readers without a kernel, then the desk itself."""
        note = escape(self.words["request_standby"])
        page = request_html(self.request) if self.request else ""
        show_live(self, f'{page}<p class="soc-hint">{note}</p>', says=str(self))


def _note(text: str) -> widgets.HTML:
    return widgets.HTML(f'<p class="soc-hint">{escape(text)}</p>')


def _styled(html: str) -> str:
    return f'<style>{request_css()}</style><div class="soc-sheet soc-request">{html}</div>'
