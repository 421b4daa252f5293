"""Every view, looked at: axe finds no violation and nothing sticks out, in JupyterLab's themes too.

A theme is chosen once for all views. The long proofs look at each view in its own notebook as well,
whole, and in a narrow window.
"""

from __future__ import annotations

import pytest
from every_view import DESKS, GALLERY, VIEWS
from lab_page import LiveOnPage, SheetOnPage, stretch
from panel_page import every_status
from view_page import CONTRAST, NARROW, WCAG_A_AND_AA, WINDOW, open_bare

HIGH = 6_000  # pixels, so that axe takes nothing for hidden


# --- on a bare page ------------------------------------------------------------------------------


@pytest.fixture
def bare_view(bare, name, tmp_path):
    """Return a view alone on a page, with parts of every kind shown."""
    view = open_bare(bare, VIEWS[name], tmp_path / f"{name}.html")
    view.spread()
    yield view
    bare.set_viewport_size(WINDOW)


@pytest.mark.parametrize("name", VIEWS)
def test_axe_finds_no_violation_on_a_bare_page(bare_view):
    bare_view.page.set_viewport_size({**WINDOW, "height": HIGH})
    assert bare_view.violations(".soc-panel", WCAG_A_AND_AA, least=15) == []


@pytest.mark.parametrize("name", VIEWS)
def test_nothing_sticks_out_of_a_wide_or_a_narrow_window(bare_view):
    assert bare_view.sticking_out() == []
    bare_view.page.set_viewport_size({**WINDOW, "width": NARROW})
    assert bare_view.sticking_out() == []
    bare_view.fold(away=True)
    assert bare_view.sticking_out() == []


@pytest.mark.parametrize("name", ["panel"])
def test_every_verdict_fits_a_narrow_window(bare_view):
    bare_view.page.set_viewport_size({**WINDOW, "width": NARROW})
    for example in every_status():
        bare_view.choose(example)
        assert bare_view.sticking_out() == [], example.example_id


# --- in JupyterLab -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def spread(desk, gathered):
    """Return the notebook with every view, with parts of every kind shown in each."""
    desk.show(gathered.notebook.name)
    for name in VIEWS:
        gathered.view(name).start_over()
        gathered.view(name).spread()
    return gathered


@pytest.fixture(scope="module", params=["light", "dark"])
def theme(request, desk, spread):
    """Show the notebook with every view in a theme, and put JupyterLab back afterwards."""
    spread.view("calendar")  # a theme then changes less
    if request.param == "dark":
        desk.set_theme("JupyterLab Dark")
    stretch(desk.page, high=HIGH)
    yield request.param
    if request.param == "dark":
        desk.set_theme("JupyterLab Light")
    desk.page.set_viewport_size(WINDOW)


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_can_be_read_in_a_theme(spread, theme, name):
    assert spread.view(name).violations(".soc-panel", CONTRAST, least=15) == [], theme


@pytest.mark.parametrize("name", DESKS)
def test_axe_finds_no_violation_on_a_desk(spread, theme, name):
    rules = WCAG_A_AND_AA if theme == "light" else CONTRAST
    assert spread.desk(name, LiveOnPage).violations(".soc-live", rules, least=10) == []


def test_axe_finds_no_violation_in_the_gallery(spread, theme):
    rules = WCAG_A_AND_AA if theme == "light" else CONTRAST
    gallery = spread.other(GALLERY.marks[-1], SheetOnPage)
    assert gallery.violations(".soc-sheet", rules, least=10) == []


@pytest.mark.parametrize("example", every_status()[1:], ids=lambda example: example.example_id)
def test_every_status_can_be_read_in_a_theme(spread, theme, example):
    panel = spread.view("panel")
    panel.fold(away=True)
    panel.choose(example)
    assert panel.violations(".soc-panel", CONTRAST) == [], theme
