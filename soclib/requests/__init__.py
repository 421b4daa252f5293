"""What an e-mail, a clause or a questionnaire item asks for, and what to reply.

    from soclib import requests
    request = requests.read("Our auditors need your SOC 1 for the payroll you run.")
    request.decision.reports["soc1"], request.reply      # 'needed', and a draft to send

Each name is documented where it is defined, and loaded when it is first asked for.
"""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "Request": "request",
    "RequestDesk": "view",
    "RequestError": "request",
    "desk": "view",
    "read": "request",
    "read_many": "many",
    "summary": "many",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES)
