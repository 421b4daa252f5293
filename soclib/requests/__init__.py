"""What an e-mail, a clause or a questionnaire item asks for, and what to reply."""

from __future__ import annotations

from soclib.doors import door

NAMES = {
    "Request": "request",
    "RequestDesk": "view",
    "RequestError": "request",
    "read_request": "request",
    "read_requests": "many",
    "request_summary": "many",
}
__all__ = list(NAMES)
__getattr__, __dir__ = door(__name__, NAMES)
