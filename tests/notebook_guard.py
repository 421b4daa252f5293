"""What a stored notebook may hide from nbval or from its reader; each check returns sentences.

nbval compares the texts of cells that were run, and nothing else: no widget state, no image, no
cell without a count. These checks see to it that what matters stands where nbval looks, and that
a reader who runs nothing still gets answers.
"""

import ast
import csv
import json
import re
from itertools import pairwise
from pathlib import Path

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
REVIEWED = Path(__file__).with_name("notebook_allowlist.csv")
LONGEST = 10  # lines of code in a cell

# nbval treats a cell with one of these marks differently, as a tag or in a comment.
MARK = re.compile(
    r"(nbval|pytest_validate)_(ignore_output|skip|raises_exception)|raises_exception|skip_execution"
)
NEEDS_A_KERNEL = {
    *("Output", "interact", "interactive", "interactive_output", "interact_manual", "clear_output")
}
LOGIC = {
    ast.FunctionDef: "def",
    ast.AsyncFunctionDef: "def",
    ast.Lambda: "lambda",
    ast.ClassDef: "class",
    ast.For: "for",
    ast.AsyncFor: "for",
    ast.comprehension: "for",
    ast.While: "while",
    ast.If: "if",
    ast.IfExp: "if",
}
# Models of ipywidgets that a reader looks at or opens, but cannot answer with.
PASSIVE = {
    f"{name}Model"
    for name in [
        *("HTML", "HTMLMath", "Label", "Image", "IntProgress", "FloatProgress", "Valid"),
        *("Box", "HBox", "VBox", "GridBox", "Stack", "Tab", "Accordion"),
        *("Link", "DirectionalLink"),
    ]
}
CUT = "…", "..."
CUT_CELL = re.compile(r"(…|\.\.\.)\s*</t[dh]>")
BARE_REPR = re.compile(r"<[^>]* object|^\s*[\w.]+\(")
UNSTABLE = {
    "a memory address": r"\b0x[0-9a-fA-F]{6,16}\b",
    "a random id": (
        r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{32}\b"
        r"|\bT_[0-9a-f]{5}(?![0-9a-z])"
    ),
    "a clock time": r"\b\d{1,2}:\d{2}:\d{2}\b|\dT\d{2}:\d{2}|\b\d+(\.\d+)? ?([mµn]s|s|seconds?)\b",
    "a path of one machine": r"(?<![\w/.:<])/([\w.-]+/)+[\w.-]+|\b[A-Za-z]:\\\w",
}


def faults(notebook, reviewed=()):
    """Return what is wrong with a notebook; ``reviewed`` holds the ids of exempted cells."""
    found = [fault for check in CHECKS for fault in check(notebook)]
    return found + exempted(notebook, reviewed)


def exemptions():
    """Return the reviewed exemptions from nbval: notebook, cell_id and reason."""
    with REVIEWED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reviewed_cells(name):
    """Return the ids of the cells of a notebook that may be exempted."""
    return {row["cell_id"] for row in exemptions() if row["notebook"] == name}


# --- what nbval compares ------------------------------------------------------------------------


def never_run(notebook):
    """Return the cells without a count."""
    return [
        f"{_name(cell)} was never run, so nbval compares nothing there: run `make notebooks`."
        for cell in _code(notebook)
        if cell.get("execution_count") is None
    ]


def out_of_order(notebook):
    """Return a sentence unless the cells were run once each, from top to bottom."""
    counts = [cell.get("execution_count") for cell in _code(notebook)]
    counts = [count for count in counts if count is not None]
    if counts == list(range(1, len(counts) + 1)):
        return []
    return [f"The cells were run in another order than they stand in: {counts}."]


def exempted(notebook, reviewed=()):
    """Return the cells that nbval is told to skip, to leave uncompared or to let fail."""
    return [
        f"{_name(cell)} is exempted from nbval ({mark}) without a reviewed reason."
        for cell in _code(notebook)
        for mark in _marks(cell)
        if cell["id"] not in reviewed
    ]


def failed(notebook):
    """Return the cells that store an error or a warning."""
    return [
        f"{_name(cell)} stores an error or a warning."
        for cell in _code(notebook)
        for output in cell["outputs"]
        if output["output_type"] == "error" or output.get("name") == "stderr"
    ]


def silent(notebook):
    """Return the cells that end in an expression whose value is not stored."""
    return [
        f"{_name(cell)} ends in an expression, yet no output is stored."
        for cell in _code(notebook)
        if not cell["outputs"] and _ends_in_expression(_tree(cell))
    ]


def cut(notebook):
    """Return the outputs that stop short: nbval cannot see what lies behind the cut."""
    return [
        f"{_name(cell)} shows text that is cut short: {_near(text, end)!r}."
        for cell in _code(notebook)
        for mime, text in _texts(cell)
        if (end := _cut_at(mime, text)) is not None
    ]


def rasters(notebook):
    """Return the outputs that are pixels, which nbval never compares."""
    return [
        f"{_name(cell)} shows {mime}, which nbval never compares: draw it as SVG."
        for cell in _code(notebook)
        for output in cell["outputs"]
        for mime in output.get("data", {})
        if mime.startswith("image/") and mime != "image/svg+xml"
    ]


def unstable(notebook):
    """Return the outputs that differ from run to run or from machine to machine."""
    found = [
        f"{_name(cell)} shows {what}, which another run will not: {match[0]!r}."
        for cell in _code(notebook)
        for mime, text in _texts(cell)
        for what, pattern in UNSTABLE.items()
        if (match := re.search(pattern, _words(mime, text)))
    ]
    timed = [cell for cell in _code(notebook) if "execution" in cell["metadata"]]
    return found + [f"{_name(cell)} keeps the clock time of its run." for cell in timed]


# --- widgets ------------------------------------------------------------------------------------


def kernel_only(notebook):
    """Return what prints into a widget: nbval and a saved page both lose that."""
    models = {model["model_name"] for model in _state(notebook).values()}
    stored = ["The stored state holds an Output widget."] if "OutputModel" in models else []
    return stored + [
        f"{_name(cell)} uses {name}: write into an HTML widget instead."
        for cell in _code(notebook)
        for name in sorted(NEEDS_A_KERNEL & _names_used(cell))
    ]


def dead_controls(notebook):
    """Return the controls that look alive in a saved page and answer nobody."""
    state = _state(notebook)
    answered = {other for model_id in state for other in _answers_to(state[model_id])}
    return [
        f"A saved {model['model_name']} ({model['state'].get('description', '')!r}) answers only "
        "with a kernel: no view that runs in the browser reads it."
        for model_id, model in state.items()
        if _is_control(model) and model_id not in answered
    ]


def lost_views(notebook):
    """Return the widgets whose state is not stored: a saved page shows nothing there."""
    return [
        f"{_name(cell)} shows a widget whose state is not stored: run `make notebooks`."
        for cell, output in _views(notebook)
        if output["data"][VIEW]["model_id"] not in _state(notebook)
    ]


def wordless_views(notebook):
    """Return the widgets that do not say in words what they show, which is all nbval reads."""
    found = []
    for cell, output in _views(notebook):
        words = output["data"].get("text/plain", "")
        lines = [line for line in words.splitlines() if line.strip()]
        switches = _switches(_state(notebook), output["data"][VIEW]["model_id"])
        if not lines or BARE_REPR.search(words):
            found.append(f"{_name(cell)} shows a widget without words of its own: {words!r}.")
        elif len(lines) < switches:
            found.append(f"{_name(cell)} has {switches} switches, its text {len(lines)} lines.")
    return found


# --- code and prose -----------------------------------------------------------------------------


def not_python(notebook):
    """Return the cells with magics or shell commands, which depend on the machine."""
    return [
        f"{_name(cell)} is not plain Python." for cell in _code(notebook) if _tree(cell) is None
    ]


def long_cells(notebook):
    """Return the cells with more than ten lines."""
    counted = [(cell, len(cell["source"].splitlines())) for cell in _code(notebook)]
    return [
        f"{_name(cell)} has {lines} lines, more than {LONGEST}: move logic into soclib."
        for cell, lines in counted
        if lines > LONGEST
    ]


def logic(notebook):
    """Return the cells that define, loop or branch."""
    return [
        f"{_name(cell)} holds a {word!r}: logic belongs in soclib."
        for cell in _code(notebook)
        for word in sorted({LOGIC[type(node)] for node in _nodes(cell) if type(node) in LOGIC})
    ]


def headings(notebook):
    """Return what is wrong with the headings: one title at the top, and no level left out."""
    levels = [level for text in _markdown(notebook) for level in _levels(text)]
    found = [] if _starts_with_title(notebook) else ["The first cell is no title (# ...)."]
    if levels.count(1) > 1:
        found.append(f"There are {levels.count(1)} titles; one is enough.")
    jumps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
    return found + [f"A heading of level {b} follows one of level {a}." for a, b in jumps]


def images_without_words(notebook):
    """Return the images that say nothing to who cannot see them."""
    shown = [(text, "Prose") for text in _markdown(notebook)]
    for cell in _code(notebook):
        shown += [(_words(mime, text), _name(cell)) for mime, text in _texts(cell)]
    return [
        f"{place} holds an image without a text for it: {image[:60]!r}."
        for text, place in shown
        for image in _wordless_images(text)
    ]


CHECKS = (
    *(never_run, out_of_order, failed, silent, cut, rasters, unstable),
    *(kernel_only, dead_controls, lost_views, wordless_views),
    *(not_python, long_cells, logic, headings, images_without_words),
)


# --- reading a notebook -------------------------------------------------------------------------


def _code(notebook):
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return [cell for cell in cells if cell["source"].strip()]


def _markdown(notebook):
    """Return the prose, without code blocks: a # in one of them is no heading."""
    cells = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    fence = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
    return [fence.sub("", source) for source in cells]


def _name(cell):
    return f"Cell {cell['id']}"


def _state(notebook):
    return notebook["metadata"].get("widgets", {}).get(STATE, {}).get("state", {})


def _views(notebook):
    return [
        (cell, output)
        for cell in _code(notebook)
        for output in cell["outputs"]
        if VIEW in output.get("data", {})
    ]


def _texts(cell):
    """Return the texts that a cell shows, each with its kind."""
    found = []
    for output in cell["outputs"]:
        shown = output.get("data", {"text/plain": output.get("text", "")})
        found += [(mime, text) for mime, text in shown.items() if isinstance(text, str)]
    return [(mime, text) for mime, text in found if mime.startswith("text/") or "svg" in mime]


def _words(mime, text):
    """Return a text without the scripts and styles that come with it: those are files of ours."""
    if mime == "text/plain":
        return text
    return re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)


# --- details of the checks ----------------------------------------------------------------------


def _marks(cell):
    lines = [line.strip() for line in cell["source"].splitlines()]
    comments = [line.lstrip("# ") for line in lines if line.startswith("#")]
    given = [*cell["metadata"].get("tags", []), *comments]
    return [mark for mark in given if MARK.fullmatch(mark.lower().replace("-", "_"))]


def _tree(cell):
    """Return the parsed code, or None when it is not plain Python."""
    try:
        return ast.parse(cell["source"])
    except SyntaxError:
        return None


def _nodes(cell):
    tree = _tree(cell)
    return [] if tree is None else list(ast.walk(tree))


def _names_used(cell):
    """Return every name that a cell reads, imports or takes from something else."""
    nodes = _nodes(cell)
    return {
        *(node.id for node in nodes if isinstance(node, ast.Name)),
        *(node.attr for node in nodes if isinstance(node, ast.Attribute)),
        *(node.name for node in nodes if isinstance(node, ast.alias)),
    }


def _ends_in_expression(tree):
    return tree is not None and bool(tree.body) and isinstance(tree.body[-1], ast.Expr)


def _cut_at(mime, text):
    """Return where a text is cut, or None; spread dots in a script are not a cut."""
    if mime == "text/plain":
        return next((text.index(mark) for mark in CUT if mark in text), None)
    match = CUT_CELL.search(_words(mime, text))
    return match and match.start()


def _near(text, place):
    return text[max(0, place - 20) : place + 3]


def _is_control(model):
    name = model["model_name"]
    ours = model["model_module"] == "@jupyter-widgets/controls"
    return ours and name not in PASSIVE and not name.endswith("StyleModel")


def _answers_to(model):
    """Return the ids of the models that a view's script reads, when it runs in the browser."""
    if model["model_module"] != "anywidget":
        return []
    script = model["state"].get("_esm", "")
    read = [value for trait, value in model["state"].items() if f'"{trait}"' in script]
    return re.findall(r"IPY_MODEL_([0-9a-f-]+)", json.dumps(read))


def _switches(state, model_id):
    """Return how many controls stand in a view, however deep."""
    seen, waiting = set(), [model_id]
    while waiting:
        one = waiting.pop()
        if one in seen or one not in state:
            continue
        seen.add(one)
        waiting += re.findall(r"IPY_MODEL_([0-9a-f-]+)", json.dumps(state[one]["state"]))
    return sum(_is_control(state[one]) for one in seen)


def _levels(text):
    marked = re.findall(r"^(#{1,6})\s+\S|<h([1-6])\b", text, re.MULTILINE)
    return [len(hashes) or int(number) for hashes, number in marked]


def _starts_with_title(notebook):
    first = notebook["cells"][0] if notebook["cells"] else {"cell_type": "", "source": ""}
    return first["cell_type"] == "markdown" and bool(re.match(r"# \S", first["source"]))


def _wordless_images(text):
    tags = re.findall(r"<img\b[^>]*>", text)
    drawings = re.findall(r"<svg\b.*?</svg>", text, re.DOTALL)
    named = re.compile(r"<title>[^<]|aria-label(ledby)?=.[^\"']|aria-hidden=.true")
    return [
        *re.findall(r"!\[\s*\]\([^)]*\)", text),
        *(tag for tag in tags if not re.search(r"\balt=[\"'][^\"']", tag)),
        *(drawing for drawing in drawings if not named.search(drawing)),
    ]
