"""The checks of a cross-map, in the order in which their findings are listed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from soclib.errors import Fault
from soclib.tables import column
from soclib.tables.rows import Provenance, Row, Tables
from soclib.tables.schema import Part, Records, table

# Checks that code names by their ids: a table without them is refused when it is loaded.
NEEDED_LINT = (
    *("missing_id", "swapped_sides", "unknown_criterion", "beyond_series", "wrong_prefix"),
    *("criterion_heading", "point_of_focus", "unknown_requirement", "beyond_theme"),
    *("edition_2013", "missing_letter", "doubtful_letter", "requirement_heading"),
    *("part_of_clause", "other_frameworks", "duplicate", "contradictory", "asymmetric"),
    *("one_way", "grouped", "no_relation", "unknown_relation", "one_relation", "no_reason"),
    *("repeated_reason", "no_strength", "unknown_strength", "equal_not_strong"),
    *("related_but_strong", "unrelated_but_strong", "many_requirements", "many_criteria"),
    *("not_mapped", "gap_with_pair"),
)
LIMITED = (  # the checks that report something from a number on
    *("one_relation", "repeated_reason", "equal_not_strong", "related_but_strong"),
    *("unrelated_but_strong", "many_requirements", "many_criteria"),
)
LINT_WORDS = ("value", "meant", "other", "count")
WORD = re.compile(r"\{(\w*)\}")  # empty braces too, which ``words.fill`` would leave as they are


@table("lint_checks")
class LintCheck:
    """Something that can be wrong with a cross-map; findings are listed in the order of the rows.

    It is what `python -m soclib lint-crosswalk FILE` says about `crosswalk.csv`, or about anybody's
    map between the trust services criteria and ISO/IEC 27001:2022. Words in braces are filled in:
    `{value}` (what the file says), `{meant}` (the id that was probably meant), `{other}` (another
    place), `{count}`.
    """

    check_id: str = column.ident("frozen name; code asks for it, so none may be missing")
    severity: str = column.one_of(
        "how bad a finding is: `error` (wrong), `warning` (says less than it should); both end with"
        " exit code 1",
        *("error", "warning"),
    )
    limit: int | None = column.whole(
        "the number from which the check reports something: pairs (`one_relation`,"
        " `repeated_reason`), requirements or criteria (`many_...`), a strength out of 100"
        " (`equal_not_strong`: below it; `related_...` and `unrelated_but_strong`: from it on);"
        " blank for a check without a number",
        *(1, 999),
        blank=True,
    )
    title: str = column.text("heading of its findings")
    wrong: str = column.text("what is wrong, words in braces filled in")
    why: str = column.text("why it matters")
    remedy: str = column.text("what to do, words in braces filled in")
    provenance: Provenance = column.origin()


def _lint(records: Records) -> Mapping[str, LintCheck]:
    return records.by_id(LintCheck)


def check_lint(tables: Tables) -> Iterator[Fault]:
    """Yield checks of cross-maps that are missing, lack their number or name unknown words."""
    known = tables.ids("lint_checks")
    for check_id in NEEDED_LINT:
        if check_id not in known:
            remedy = "this row is missing; copy the shipped one"
            yield Fault("lint_checks.csv", 0, "check_id", check_id, remedy)
    for row in tables["lint_checks"]:
        yield from _check_limit(row)
        yield from _check_words(row)


def _check_limit(row: Row) -> Iterator[Fault]:
    limited = row.cells["check_id"] in LIMITED
    if limited and not row.cells["limit"]:
        yield row.fault("limit", "this check needs a limit; use a whole number")
    if row.cells["limit"] and not limited:
        yield row.fault("limit", "this check has no limit; leave it blank")


def _check_words(row: Row) -> Iterator[Fault]:
    for name in ("wrong", "remedy"):
        for word in WORD.findall(row.cells[name]):
            if word not in LINT_WORDS:
                known = ", ".join(f"{{{word}}}" for word in LINT_WORDS)
                yield row.fault(name, f"{{{word}}} is unknown; use some of {known}")


LINT = Part((LintCheck,), _lint, (check_lint,))
