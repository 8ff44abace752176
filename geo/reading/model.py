"""The default reader: candidates by rule, links by the network under ``data/models/``, checked by the rules.

The network runs by ``onnxruntime`` on one thread, without a download. Reports give the same events on any machine: probabilities are
rounded before they are compared.
"""

import functools
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from geo.reading.actors import ActorFinder
from geo.reading.features import actor_features, date_features, place_features
from geo.reading.linker import Layout, Window, lay_windows
from geo.reading.linker_arrays import Question, batch_arrays
from geo.reading.linker_decode import Choice, Floats, choose
from geo.reading.linker_layout import layout_of, meaning_on
from geo.reading.rules import RuleReader
from geo.records import WIDE_KINDS, Event, Report, Toponym
from geo.resources import data_path
from geo.theatre import Theatre

_BATCH = 16
_OUTPUTS = ("slot", "actor", "target", "date", "status", "extent", "transfer")


class ModelReader:
    """Reads reports of one theatre with the linker.

    Parameters
    ----------
    theatre
        Whose actors to look for.
    folder
        Where ``linker.onnx``, ``tokenizer.json`` and ``linker.json`` (thresholds) lie; the shipped ones where it is ``None``.
    """

    name = "model"

    def __init__(self, theatre: Theatre, *, folder: Path | None = None) -> None:
        self._theatre = theatre
        self._finder = ActorFinder(theatre)
        self._rules = RuleReader(theatre)
        self._camps = {actor.id: actor.camp for actor in theatre.actors}
        self._sides = {actor.id: actor.side for actor in theatre.actors}
        self._network = _load_network(folder or data_path("models"))

    def read(self, report: Report, toponyms: Sequence[Toponym]) -> list[Event]:
        """Give the events of a report, in text order."""
        rules = self._rules.read(report, toponyms)
        layout = layout_of(report, toponyms, self._theatre, finder=self._finder, rules=rules)
        windows = lay_windows(layout)
        if not windows:
            return []
        outputs = self._network.answer([self._ask(window, layout) for window in windows])
        choices = choose(windows, outputs, camps=self._camps, thresholds=self._network.thresholds, meaning_on=meaning_on)
        by_start = {(toponym.start, toponym.end): toponym for toponym in toponyms}
        return [self._event(report, layout, choice, by_start[choice.window.place.start, choice.window.place.end]) for choice in choices]

    def _ask(self, window: Window, layout: Layout) -> Question:
        return Question(
            window=window, place=place_features(window, layout), actors=actor_features(window, layout, self._camps, self._sides),
            dates=date_features(window, layout),
        )  # fmt: skip

    def _event(self, report: Report, layout: Layout, choice: Choice, toponym: Toponym) -> Event:
        place = toponym.place
        if place is None:  # only resolved names become windows
            raise ValueError(f"{toponym.text!r} is not resolved")
        sentence = layout.sentences[choice.window.sentence]
        date = choice.date
        precision = date.precision if date.precision in ("day", "week", "month", "year") else "day"
        identity = f"{report.id}|{sentence.start}|{sentence.end}|{place.place_id}|{choice.type}|{date.date}"
        return Event(
            event_id=hashlib.sha256(identity.encode()).hexdigest()[:16], report_id=report.id, published=report.published, source=report.source,
            source_kind=report.source_kind, url=report.url, date=date.date, date_end=date.date_end, time_precision=precision,  # type: ignore[arg-type]
            type=choice.type, place=toponym.text, place_id=place.place_id, kind=place.kind, lon=place.lon, lat=place.lat,  # type: ignore[arg-type]
            geo_precision=3 if place.kind in WIDE_KINDS else 1, match=f"{toponym.match} {toponym.score:.2f}", admin1=place.admin1, within=place.within,
            actor=choice.actor, target=choice.target, extent=choice.extent, status=choice.status, attribution=None,  # type: ignore[arg-type]
            evidence=sentence.text, start=sentence.start, end=sentence.end, rule=f"model:{choice.type}", confidence=choice.confidence,
        )  # fmt: skip


class _Network:
    """The exported linker, its tokenizer and the thresholds it was chosen with."""

    def __init__(self, folder: Path) -> None:
        settings = json.loads((folder / "linker.json").read_text(encoding="utf-8"))
        self.thresholds: tuple[float, ...] = tuple(settings["thresholds"])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(settings["max_tokens"])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(folder / "linker.onnx"), options, providers=["CPUExecutionProvider"])

    def answer(self, questions: Sequence[Question]) -> dict[str, Floats]:
        """Give the network's probabilities, one row for each question, in order."""
        order = sorted(range(len(questions)), key=lambda number: (len(questions[number].window.text), number))
        rows: dict[int, dict[str, Floats]] = {}
        for begin in range(0, len(order), _BATCH):
            group = order[begin : begin + _BATCH]
            arrays = batch_arrays([questions[number] for number in group], self._tokenizer)
            results = self._session.run(_OUTPUTS, arrays)
            for place, number in enumerate(group):
                rows[number] = {name: result[place] for name, result in zip(_OUTPUTS, results, strict=True)}
        return {name: _stack([rows[number][name] for number in range(len(questions))], last=name == "target") for name in _OUTPUTS}


def _stack(rows: Sequence[Floats], *, last: bool) -> Floats:
    """Stack rows that batches padded to unlike widths; ``last`` keeps the last column ("nobody") last."""
    if rows[0].ndim == 1:
        return np.stack(rows)
    width = max(row.shape[-1] for row in rows)
    padded = []
    for row in rows:
        missing = np.zeros((row.shape[0], width - row.shape[-1]), row.dtype)
        padded.append(np.concatenate([row[:, :-1], missing, row[:, -1:]] if last else [row, missing], axis=-1))
    return np.stack(padded)


@functools.cache
def _load_network(folder: Path) -> _Network:
    return _Network(folder)
