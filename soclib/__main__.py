"""The command line: ``python -m soclib audit`` and ``python -m soclib decide answers.json``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from soclib.audit import audit
from soclib.decision import AnswerError, decide
from soclib.model import VOICES
from soclib.record import read_record
from soclib.rows import DataError
from soclib.tables import load_catalog
from soclib.verify import verify


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0 when all is well, 1 for findings, 2 for bad input."""
    options = _parser().parse_args(argv)
    try:
        code: int = options.run(options)
    except (AnswerError, DataError, OSError) as error:
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
    return parser


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


if __name__ == "__main__":
    sys.exit(main())
