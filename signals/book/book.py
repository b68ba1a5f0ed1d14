"""The book: what was published, as a fold of the journal; the only path-dependent part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from signals.book.alert import Alert
from signals.book.decisions import UNDONE, WAITS, Tried, apply, filed, named_alert, undo
from signals.book.entry import DecisionEffect, Entry
from signals.book.revise import Reviser, Traces
from signals.book.revision import Step
from signals.book.states import ENDED
from signals.chart.chart import RecordKey
from signals.events import Record
from signals.monitor.monitor import Monitor


class Book:
    """Every alert ever published of one study, with what its next revision depends on."""

    def __init__(self, monitor: Monitor) -> None:
        """Start empty, beside the monitor whose answers are published."""
        self._monitor = monitor
        self._reviser = Reviser(monitor)
        self._entries: dict[str, Entry] = {}
        self._decided: dict[RecordKey, str] = {}
        self._orphans: dict[str, Traces | None] = {}
        self._touched: set[str] = set()

    # ------------------------------------------------------------------ the fold

    def reconcile(self, changed: Iterable[str], step: Step) -> list[Alert]:
        """Publish where the answers to these alerts differ from what was last published.

        ``changed``: named by the monitor.  Alerts whose fact is gone are also looked at when only
        their traces changed: the record that tells where it moved may come later.
        """
        names = {*filter(self._matters, changed), *self._traced(step)}
        return [alert for name in sorted(names) for alert in self._look(name, step)]

    def decide(self, key: RecordKey, step: Step) -> list[Alert]:
        """Apply a decision whose record came, or undo what it did when it was corrected."""
        record = self._monitor.chart.view.current(*key)
        name, version = named_alert(record), None if record is None else record.version
        before = self._effect(key)
        if before is not None and (self._decided[key], before.version) == (name, version):
            return []
        published: list[Alert] = []
        undone = Tried(None, None)
        if before is not None:
            undone_in, undone = self._undo(key, before, record)
            if undone_in != name:
                published = self._go_on(undone_in, undone, step)
                undone = Tried(None, None)
        if record is not None and name is not None:
            published += self._file(key, name, record, undone, step)
        return published

    # ------------------------------------------------------------------ what it holds

    def alert(self, name: str) -> Alert | None:
        """The last revision of an alert."""
        entry = self._entries.get(name)
        return None if entry is None else entry.alert

    def alerts(self) -> dict[str, Alert]:
        """The last revision of every alert, by its id."""
        found = ((name, entry.alert) for name, entry in sorted(self._entries.items()))
        return {name: alert for name, alert in found if alert is not None}

    def decisions(self, name: str) -> list[DecisionEffect]:
        """The decisions on an alert with their effect, in the order in which they came."""
        entry = self._entries.get(name)
        return [] if entry is None else [replace(effect) for effect in entry.decisions]

    def state(self) -> dict[str, dict[str, Any]]:
        """All that ``restore`` needs, as plain JSON by alert id."""
        return {name: entry.to_json() for name, entry in sorted(self._entries.items())}

    def restore(self, state: Mapping[str, dict[str, Any]]) -> None:
        """Go on from what ``state`` or ``take_changes`` gave."""
        for name, written in state.items():
            entry = Entry.from_json(written)
            self._keep(name, entry)
            standing = (each for each in entry.decisions if each.status != UNDONE)
            self._decided |= {effect.key: name for effect in standing}
        self._touched.clear()

    def take_changes(self) -> dict[str, dict[str, Any]]:
        """What is other than at the last call, in the form of ``state``."""
        touched, self._touched = sorted(self._touched), set()
        return {name: self._entries[name].to_json() for name in touched}

    # ------------------------------------------------------------------ one alert

    def _matters(self, name: str) -> bool:
        """Not what is untrue, and published nowhere or ended; only a decision changes that."""
        entry = self._entries.get(name)
        return not self._reviser.is_settled(name, None if entry is None else entry.alert)

    def _traced(self, step: Step) -> list[str]:
        """The alerts without a fact whose traces are others than when they were last looked at."""
        found: list[str] = []
        for name, before in self._orphans.items():
            if step.traceless and before is not None and not before.by_rules:
                continue
            now = self._reviser.traces(name, self._entries[name], step)
            if now != before:
                self._orphans[name] = now
                found.append(name)
        return found

    def _look(
        self, name: str, step: Step, base: Alert | None = None, change: str | None = None
    ) -> list[Alert]:
        """Revise an alert; then what waited for this revision takes effect."""
        entry = self._entries.get(name) or Entry()
        before = entry.kept()
        alert = self._reviser.revise(name, entry, base or entry.alert, change, step)
        if entry.kept() != before:
            self._keep(name, entry)
        return [] if alert is None else [alert, *self._try_waiting(name, entry, step)]

    def _go_on(self, name: str, tried: Tried, step: Step) -> list[Alert]:
        """Revise an alert after a decision did, or no longer does, something to it."""
        return [] if tried.change is None else self._look(name, step, tried.base, tried.change)

    def _keep(self, name: str, entry: Entry) -> None:
        if name not in self._entries:
            self._monitor.watch(name)
        self._entries[name] = entry
        self._touched.add(name)
        is_open = entry.alert is not None and entry.alert.state not in ENDED
        if entry.gone and is_open:
            self._orphans[name] = None
        else:
            self._orphans.pop(name, None)

    # ------------------------------------------------------------------ decisions

    def _effect(self, key: RecordKey) -> DecisionEffect | None:
        """The decision as it is kept, if it was not undone."""
        if key not in self._decided:
            return None
        decisions = self._entries[self._decided[key]].decisions
        return next(each for each in decisions if each.key == key and each.status != UNDONE)

    def _undo(
        self, key: RecordKey, effect: DecisionEffect, record: Record | None
    ) -> tuple[str, Tried]:
        name = self._decided.pop(key)
        entry = self._entries[name]
        why = "voided" if record is None else f"corrected by version {record.version}"
        tried = undo(entry, effect, why)
        self._keep(name, entry)
        return name, tried

    def _file(
        self, key: RecordKey, name: str, record: Record, undone: Tried, step: Step
    ) -> list[Alert]:
        entry = self._entries.get(name) or Entry()
        effect = filed(record)
        entry.decisions = [*entry.decisions, effect]
        self._decided[key] = name
        tried = self._try(name, entry, effect, undone.base or entry.alert)
        return self._go_on(name, tried if tried.change else undone, step)

    def _try(self, name: str, entry: Entry, effect: DecisionEffect, base: Alert | None) -> Tried:
        decision = self._monitor.chart.view.current(*effect.key)
        rule = self._monitor.rule(name)
        taken_on = None if decision is None else decision.data.alert
        tried = Tried(None, base)
        if taken_on is not None and rule is not None:
            tried = apply(entry, base, effect, taken_on, rule)
        self._keep(name, entry)
        return tried

    def _try_waiting(self, name: str, entry: Entry, step: Step) -> list[Alert]:
        """The first waiting decision that now changes something; the next waits for its revision."""
        for effect in [each for each in entry.decisions if each.status == WAITS]:
            tried = self._try(name, entry, effect, entry.alert)
            if tried.change is not None:
                return self._go_on(name, tried, step)
        return []
