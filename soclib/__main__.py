"""The command line: ``python -m soclib`` with a command, of which ``--help`` lists all."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date, datetime

from soclib.catalog import load_catalog
from soclib.claims.reviews import all_sources, register, register_csv, register_text
from soclib.errors import AnswerError, DataError, SaveError, did_you_mean
from soclib.mapping.records import MappingError
from soclib.mapping.report import lint
from soclib.tables.kinds import is_day
from soclib.tables.rows import VOICES
from soclib.verdict.decision import decide
from soclib.verdict.proof import audit
from soclib.verdict.saved import read_record, verify

ENGINES = ("local", "spark")
EDITION_FORMS = ("all", "html", "pdf", "ipynb")
INTERRUPTED = 130  # as shells count it


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0 when all is well, 1 for findings, 2 for bad input."""
    options = _parser().parse_args(argv)
    try:
        code: int = options.run(options)
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        return INTERRUPTED
    except (AnswerError, DataError, MappingError, SaveError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m soclib", description=__doc__)
    commands = parser.add_subparsers(required=True)
    proof = commands.add_parser("audit", help="prove the rule tables over all answers")
    proof.add_argument("--data", help="folder of the tables (default: the shipped ones)")
    proof.set_defaults(run=_audit)
    one = commands.add_parser("decide", help="decide one case from a JSON file of answers")
    one.add_argument(
        "answers", help="a JSON object: criterion ids to yes, no or unknown; or a record"
    )
    one.add_argument(
        "--voice", choices=VOICES, help="whose side (default: the record's, or vendor)"
    )
    one.add_argument("--data", help="folder of the tables (default: the shipped ones)")
    one.add_argument("--json", action="store_true", help="print the whole decision as JSON")
    one.set_defaults(run=_decide)
    again = commands.add_parser("verify", help="run a saved decision again on today's tables")
    again.add_argument("record", help="a decision that the panel saved")
    again.add_argument("--data", help="folder of the tables (default: the shipped ones)")
    again.set_defaults(run=_verify)
    _add_classify(commands.add_parser("classify", help="add the verdict to every row of a file"))
    _add_sources(commands.add_parser("sources", help="list every claim by source, overdue or not"))
    _add_editions(commands.add_parser("editions", help="write lessons to show and to print"))
    _add_lint(commands.add_parser("lint-crosswalk", help="find faults in a map to ISO/IEC 27001"))
    return parser


def _add_classify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help=".csv, .xlsx or .parquet with a row per vendor")
    parser.add_argument("--out", help=".parquet, .csv or .xlsx (default: only say what is read)")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="CRITERION=COLUMN",
        help="the column that answers a criterion; once per criterion (default: found by name)",
    )
    parser.add_argument("--voice", choices=VOICES, default=VOICES[0], help="whose answers they are")
    parser.add_argument("--sheet", help="sheet of an .xlsx (default: the first)")
    parser.add_argument("--rows", type=int, default=50_000, help="rows held at a time")
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0], help="what works it out")
    parser.add_argument("--master", default="local[*]", help="URL of the Spark cluster")
    parser.add_argument("--data", help="folder of the tables (default: the shipped ones)")
    parser.set_defaults(run=_classify)


def _add_editions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("out", help="folder to write into")
    parser.add_argument("--lesson", help="only this id of lessons.csv (default: all)")
    parser.add_argument(
        "--form",
        choices=EDITION_FORMS,
        default=EDITION_FORMS[0],
        help="slides, hand-out, notebook or all of them (default)",
    )
    parser.add_argument("--data", help="folder of the tables (default: the shipped ones)")
    parser.set_defaults(run=_editions)


def _add_lint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", help="CSV table, OSCAL mapping collection or CISO Assistant library"
    )
    parser.add_argument(
        "--gaps", help="CSV table of requirements without a counterpart (default: FILE_gaps.csv)"
    )
    parser.add_argument("--data", help="folder of the tables (default: the shipped ones)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print counts and findings as JSON")
    form.add_argument("--csv", action="store_true", help="print one row per finding as CSV")
    parser.set_defaults(run=_lint)


def _add_sources(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", help="folder of the tables (default: the shipped ones)")
    parser.add_argument("--today", help="the day to judge by, 2026-11-25 (default: today)")
    parser.add_argument("--source", help="only the claims that cite this id of sources.csv")
    parser.add_argument("--csv", action="store_true", help="print the same rows as CSV")
    parser.set_defaults(run=_sources)


def _audit(options: argparse.Namespace) -> int:
    result = audit(load_catalog(options.data))
    print(result)
    return 0 if result.ok else 1


def _decide(options: argparse.Namespace) -> int:
    answers, voice = read_record(options.answers)
    catalog = load_catalog(options.data)
    decision = decide(answers, options.voice or voice, catalog=catalog)
    print(json.dumps(decision.to_dict(), indent=2) if options.json else decision)
    return 0


def _verify(options: argparse.Namespace) -> int:
    result = verify(options.record, catalog=load_catalog(options.data))
    print(result)
    return 0 if result.holds else 1


def _sources(options: argparse.Namespace) -> int:
    today = _day(options.today)
    catalog = load_catalog(options.data)
    known = all_sources(catalog)
    if options.source is not None and options.source not in known:
        raise AnswerError(did_you_mean("source", options.source, known))
    found = register(catalog, today, options.source or "")
    text = register_csv(found) if options.csv else register_text(found, catalog)
    print(text, end="")
    return 1 if found.overdue or found.ahead else 0


def _classify(options: argparse.Namespace) -> int:
    from soclib.vendors.command import classify_command  # noqa: PLC0415 - loads narwhals

    print(classify_command(options))
    return 0


def _editions(options: argparse.Namespace) -> int:
    from soclib.teaching.files import write_editions  # noqa: PLC0415 - loads ipywidgets

    catalog = load_catalog(options.data)
    written = write_editions(options.out, options.lesson, options.form, catalog=catalog)
    for path in written.paths:
        print(path)
    for sentence in written.missing:
        print(sentence, file=sys.stderr)
    return 1 if written.missing else 0


def _lint(options: argparse.Namespace) -> int:
    found = lint(options.file, options.gaps, catalog=load_catalog(options.data))
    if options.csv:
        print(found.to_csv(), end="")
    else:
        print(json.dumps(found.to_dict(), indent=2) if options.json else found)
    return 0 if found.ok else 1


def _day(text: str | None) -> date:
    """Return the day that was asked for, or today's here."""
    if text is None:
        return datetime.now().astimezone().date()
    if not is_day(text):
        message = f"--today {text!r:.80} is no day; use one such as 2026-11-25"
        raise AnswerError(message)
    return date.fromisoformat(text)


if __name__ == "__main__":
    sys.exit(main())
