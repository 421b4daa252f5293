"""A readiness programme that is open: what it holds, what is missing, and how to change it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from difflib import get_close_matches
from getpass import getuser

from soclib.catalog import Catalog, load_catalog
from soclib.errors import did_you_mean
from soclib.periods.tables import TYPE_1, TYPES
from soclib.readiness.gaps import (
    Assessment,
    ProgrammeScope,
    ReadinessFinding,
    assessment,
    bases_without_control,
    complementary_findings,
    control_findings,
    scope_of,
    subservice_findings,
)
from soclib.readiness.items import (
    COLUMNS,
    COMPLEMENTARY,
    CONTROL,
    EVIDENCE,
    NO_TEXT,
    PROGRAMME,
    SUBSERVICE,
    Edit,
    Flaw,
    ProgrammeItem,
    cell_flaws,
    contradictory,
    dangling,
    orphaned,
    tidy,
    tidy_text,
)
from soclib.readiness.store import (
    ConflictError,
    HistoryEntry,
    Progress,
    ReadinessError,
    Store,
    changed_since,
    check_there,
    history,
    items,
    latest,
    write,
)
from soclib.readiness.tables import READINESS
from soclib.tables.rows import VOICES, listed
from soclib.trust.tables import TRUST


def seeded(scope: ProgrammeScope, catalog: Catalog) -> Iterator[Edit]:
    """Yield the items that a programme starts with; a buyer's has complementary controls only."""
    if scope.side == VOICES[0]:
        yield from _controls(scope, catalog)
    yield from _complementary(scope, catalog)


def _controls(scope: ProgrammeScope, catalog: Catalog) -> Iterator[Edit]:
    """Yield one empty control for each prompt, with the usual rhythm and without an owner."""
    first = catalog.part(READINESS).of(CONTROL)[0].status_id
    for basis_id in scope.bases:
        for prompt in catalog.part(TRUST).prompts[basis_id]:
            values = {
                "basis_id": basis_id,
                "prompt_id": prompt.prompt_id,
                "cadence_id": prompt.cadence_id,
                "status_id": first,
            }
            yield Edit(CONTROL, prompt.prompt_id, 0, tidy(CONTROL, values))


def _complementary(scope: ProgrammeScope, catalog: Catalog) -> Iterator[Edit]:
    for row in catalog.part(TRUST).complementary.values():
        bases = [basis_id for basis_id in row.hangs_on if basis_id in scope.bases]
        if bases:
            about = "csoc" if row.kind == "csoc" else f"cuec_{scope.side}"
            values = {
                "kind": row.kind,
                "hangs_on": ";".join(bases),
                "control": row.control,
                "status_id": catalog.part(READINESS).of(about)[0].status_id,
            }
            yield Edit(COMPLEMENTARY, row.complementary_id, 0, tidy(COMPLEMENTARY, values))


# --- an open programme ----------------------------------------------------------------------------


LONGEST_NAME = 200
Clock = Callable[[], date]  # a datetime, or a date where somebody fixed the day


class Programme:
    """An open programme: what it holds, what is missing, and how to change it.

    The history records ``who`` made a change, and when by the ``clock`` (UTC by default).
    """

    def __init__(
        self,
        store: Store,
        *,
        who: str = "",
        clock: Clock | None = None,
        catalog: Catalog | None = None,
    ) -> None:
        self.store = store
        self.who = _named(who or _user())
        self.catalog = catalog or load_catalog()
        self._clock = clock or (lambda: datetime.now(UTC))
        self._items: dict[str, dict[str, ProgrammeItem]] = {kind: {} for kind in COLUMNS}
        self._evidence: dict[str, dict[str, ProgrammeItem]] = {}
        self._findings: dict[str, tuple[ReadinessFinding, ...]] = {}
        self._judged_by: tuple[ProgrammeScope, date] | None = None
        self._sequence = latest(store)
        for kind in COLUMNS:
            self._take(kind, items(store, kind))

    # --- what it holds ------------------------------------------------------------------------

    def items(self, kind: str) -> Mapping[str, ProgrammeItem]:
        """Return the items of a kind by id; raises ``ReadinessError`` for an unknown kind."""
        if kind not in COLUMNS:
            raise ReadinessError(did_you_mean("kind", kind, COLUMNS))
        return self._items[kind]

    def item(self, kind: str, item_id: str) -> ProgrammeItem:
        """Return one item; raises ``ReadinessError`` that names the nearest id."""
        known = self.items(kind)
        if item_id in known:
            return known[item_id]
        near = get_close_matches(item_id, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else "look at the list of them"
        message = f"{kind} {item_id!r:.80}: there is no such item; {hint}"
        raise ReadinessError(message)

    def evidence_of(self, item_id: str) -> tuple[ProgrammeItem, ...]:
        """Return the evidence of a control or of a complementary control."""
        return tuple(self._evidence.get(item_id, {}).values())

    @property
    def settings(self) -> ProgrammeItem:
        """Return what the programme is for."""
        try:
            return self._items[PROGRAMME][PROGRAMME]
        except KeyError:
            message = f"{self.store.name}: the programme does not say what it is for; use a copy"
            raise ReadinessError(message) from None

    @property
    def scope(self) -> ProgrammeScope:
        """Return the criteria and objectives that the programme covers, and its days."""
        return scope_of(self.settings.values, self.catalog)

    @property
    def today(self) -> date:
        """Return the day that decides what is overdue."""
        now = self._clock()
        return now.date() if isinstance(now, datetime) else now

    def refresh(self) -> bool:
        """Read what others have changed, and return whether anything has."""
        check_there(self.store)
        sequence, changed = changed_since(self.store, self._sequence)
        for kind, ids in changed.items():
            self._take(kind, items(self.store, kind, ids), ids)
        self._sequence = sequence
        return bool(changed)

    def _take(
        self, kind: str, stored: Mapping[str, ProgrammeItem], ids: Sequence[str] = ()
    ) -> None:
        """Keep stored items, all or those with some ids, and forget the findings they affect."""
        held = self._items[kind]
        for item_id in ids or stored:
            before, after = held.pop(item_id, None), stored.get(item_id)
            if after is not None:
                held[item_id] = after
            self._forget(kind, item_id, before, after)
        if ids:
            self._items[kind] = dict(sorted(held.items()))

    def _forget(
        self, kind: str, item_id: str, before: ProgrammeItem | None, after: ProgrammeItem | None
    ) -> None:
        self._findings.pop(item_id, None)
        if kind == EVIDENCE:
            for item, keep in ((before, False), (after, True)):
                if item is not None:
                    evidence = self._evidence.setdefault(item.values["control_id"], {})
                    evidence.pop(item_id, None)
                    if keep:
                        evidence[item_id] = item
                    self._findings.pop(item.values["control_id"], None)

    # --- what is missing ----------------------------------------------------------------------

    def findings(self) -> tuple[ReadinessFinding, ...]:
        """Return everything that is missing, for either type of report."""
        judged = assessment(self.scope, self.today, self.catalog)
        if self._judged_by != (judged.scope, judged.today):  # a new period, or a new day
            self._findings.clear()
            self._judged_by = (judged.scope, judged.today)
        others = self._items[COMPLEMENTARY].values()
        findings: list[ReadinessFinding] = []
        if judged.scope.side == VOICES[0]:
            controls = self._items[CONTROL].values()
            findings += bases_without_control(judged, controls, others)
            for control in controls:
                if control.values["basis_id"] in judged.scope.bases:
                    findings += self._of_control(judged, control)
        return (*findings, *self._of_others(judged))

    def _of_control(
        self, judged: Assessment, control: ProgrammeItem
    ) -> tuple[ReadinessFinding, ...]:
        known = self._findings.get(control.item_id)
        if known is None:
            evidence = self.evidence_of(control.item_id)
            known = tuple(control_findings(judged, control, evidence))
            self._findings[control.item_id] = known
        return known

    def _of_others(self, judged: Assessment) -> list[ReadinessFinding]:
        """Return what complementary controls and subservice organizations lack."""
        findings: list[ReadinessFinding] = []
        relying: dict[str, dict[str, None]] = {}  # the criteria that rely on each organization
        for item in self._items[COMPLEMENTARY].values():
            findings += complementary_findings(judged, item, self.evidence_of(item.item_id))
            bases = relying.setdefault(item.values["subservice_id"], {})
            bases |= dict.fromkeys(listed(item.values["hangs_on"]))
        for item in self._items[SUBSERVICE].values():
            findings += subservice_findings(judged, item, tuple(relying.get(item.item_id, ())))
        return findings

    def missing(self, type_id: str) -> tuple[ReadinessFinding, ...]:
        """Return what is missing for one type of report, what is due first at the top.

        Raises ``ReadinessError`` for an unknown type, or one whose date or period is not set.
        """
        if type_id not in TYPES:
            raise ReadinessError(did_you_mean("type", type_id, TYPES))
        scope = self.scope
        if (scope.as_of if type_id == TYPE_1 else scope.period) is None:
            needed = "as_of" if type_id == TYPE_1 else "period_start and period_end"
            message = f"{self.store.name}: set {needed} first, such as 2026-12-31"
            raise ReadinessError(message)
        missing = [finding for finding in self.findings() if type_id in finding.due]
        return tuple(sorted(missing, key=lambda finding: _urgency(finding, type_id)))

    def history(self, item_id: str = "", most: int | None = None) -> tuple[HistoryEntry, ...]:
        """Return who changed what and when, the latest first."""
        return history(self.store, item_id, most)

    # --- changing it --------------------------------------------------------------------------

    def set(self, kind: str, item_id: str, revision: int | None = None, /, **cells: str) -> None:
        """Change cells of an item, as it was last read here or as it was at a ``revision``.

        Raises ``ReadinessError`` that lists every bad cell, and ``ConflictError`` with both
        versions if somebody else has changed it since.
        """
        held = self.item(kind, item_id)
        base = held.revision if revision is None else revision
        self.write([self._edit(kind, item_id, base, {**held.values, **cells}, cells)])

    def add(self, kind: str, item_id: str = "", /, **cells: str) -> str:
        """Add an item and return its id; without an id it gets the next free number."""
        self.items(kind)
        while True:
            name = item_id or self._next_id(kind)
            try:
                self.write([self._edit(kind, name, 0, cells, cells)])
            except ConflictError:
                if item_id or not self.refresh():
                    raise
            else:
                return name

    def remove(self, kind: str, item_id: str, revision: int | None = None) -> None:
        """Remove an item; its history stays. Raises as ``set`` does."""
        held = self.item(kind, item_id)
        base = held.revision if revision is None else revision
        self.write([Edit(kind, item_id, base, None)])

    def write(self, edits: Sequence[Edit], progress: Progress | None = None) -> None:
        """Write all of some edits, or none of them; raises as ``set`` does."""
        check_there(self.store)
        refuse(self.store.name, list(self.flaws(edits)))
        now = self._clock()
        at = now.isoformat(timespec="seconds") if isinstance(now, datetime) else now.isoformat()
        write(self.store, edits, self.who, at, progress)
        self.refresh()

    def flaws(self, edits: Sequence[Edit]) -> list[tuple[Edit, Flaw]]:
        """Return every cell of some edits that cannot be accepted, and why."""
        flaws = [
            (edit, flaw)
            for edit in edits
            if edit.values is not None
            for flaw in cell_flaws(edit.kind, edit.item_id, edit.values, self.catalog)
        ]
        flaws += contradictory(edits)
        flaws += dangling(self._items, edits)
        return [*flaws, *orphaned(self._items, self._evidence, edits)]

    def _edit(
        self,
        kind: str,
        item_id: str,
        revision: int,
        values: Mapping[str, str],
        named: Iterable[str],
    ) -> Edit:
        for name in named:
            if name not in COLUMNS[kind]:
                raise ReadinessError(did_you_mean(f"column of {kind}", name, COLUMNS[kind]))
        return Edit(kind, item_id, revision, tidy(kind, values))

    def _next_id(self, kind: str) -> str:
        letter = kind[0].upper()
        numbers = [
            int(key[2:])
            for key in self._items[kind]
            if key[:2] == f"{letter}-" and key[2:].isdecimal()
        ]
        return f"{letter}-{max(numbers, default=0) + 1:05d}"


def _user() -> str:
    """Return the name that the system knows its user by."""
    try:
        return getuser()
    except (OSError, KeyError) as error:  # a container may run as nobody in particular
        message = "this system has no name for you; say who you are, such as who='Ana'"
        raise ReadinessError(message) from error


def _named(who: str) -> str:
    """Return the name for the history; raises ``ReadinessError`` if it cannot be written there."""
    name = tidy_text(who)
    if NO_TEXT.search(name) or len(name) > LONGEST_NAME:
        message = f"who {name!a:.60}: use a name of at most {LONGEST_NAME} letters"
        raise ReadinessError(message)
    return name


def _urgency(finding: ReadinessFinding, type_id: str) -> tuple[date, str, str]:
    return finding.due[type_id] or date.max, finding.item_id, finding.finding_id


def refuse(name: str, flaws: Sequence[tuple[Edit, Flaw]]) -> None:
    """Raise one error that lists every bad cell, or do nothing."""
    if flaws:
        lines = [
            f"{edit.kind} {edit.item_id!r:.80}, column {column}: {value!r:.80}: {remedy}"
            for edit, (column, value, remedy) in flaws
        ]
        head = f"{name}: {len(lines)} fault{'s' * (len(lines) != 1)}; nothing was written"
        raise ReadinessError("\n".join([head, *lines]))
