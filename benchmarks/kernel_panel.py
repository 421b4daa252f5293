"""The baseline of the clicks: the panel's toggles and verdict, but Python decides each click.

``lab.py`` puts this file into the one cell of a notebook.
"""

import ipywidgets as widgets
from IPython.display import display

import soclib
from soclib.paper.styles import verdict_css
from soclib.tables.rows import ANSWERS, VOICES
from soclib.verdict.page import verdict_html
from soclib.verdict.tables import VERDICT
from soclib.words import words_of

catalog = soclib.load_catalog()
options = [words_of(catalog, VOICES[0])[f"answer_{answer}"] for answer in ANSWERS]
verdict = widgets.HTML().add_class("kernel-verdict")
toggles = {
    criterion.criterion_id: widgets.ToggleButtons(
        options=options, value=None, description=criterion.criterion_id
    )
    for criterion in catalog.part(VERDICT).criteria
}


def show(_change: object = None) -> None:
    """Decide again, and send the whole verdict to the browser."""
    answers = {
        key: ANSWERS[toggle.index] for key, toggle in toggles.items() if toggle.index is not None
    }
    verdict.value = verdict_html(soclib.decide(answers).to_dict(), catalog)


for toggle in toggles.values():
    toggle.observe(show, names="index")
show()
style = widgets.HTML(f"<style>{verdict_css()}</style>")
display(widgets.VBox([style, widgets.HBox([widgets.VBox(list(toggles.values())), verdict])]))
