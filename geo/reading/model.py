"""The default reader: candidates by rule, links by the network under ``data/models/``, checked by the rules.

The network runs by ``onnxruntime`` on one thread, without a download. Reports give the same events on any machine: probabilities are
rounded before they are compared.
"""

import functools
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from geo.reading.actors import ActorFinder
from geo.reading.dates import DateMention
from geo.reading.features import actor_features, date_features, place_features
from geo.reading.linker import lay_windows
from geo.reading.linker_arrays import Question, batch_arrays
from geo.reading.linker_calibrate import Calibration, alike, describe
from geo.reading.linker_check import FactCheck, settle_status
from geo.reading.linker_decode import Cast, Choice, Floats, choose
from geo.reading.linker_gate import load_gate
from geo.reading.linker_join import join_readings
from geo.reading.linker_layout import layout_of, meaning_on
from geo.reading.linker_records import DateCandidate, Layout, Window
from geo.reading.normalise import NO_EVENT_KINDS, Reading, build_event, keep_distinct
from geo.reading.rules import RuleReader
from geo.records import Event, Report, Toponym
from geo.resources import data_path
from geo.theatre import Theatre

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
        self._check = FactCheck(self._finder)
        self._camps = {actor.id: actor.camp for actor in theatre.actors}
        self._sides = {actor.id: actor.side for actor in theatre.actors}
        self._network = _load_network(folder or data_path("models"))

    def read(self, report: Report, toponyms: Sequence[Toponym]) -> list[Event]:
        """Give the events of a report, in text order."""
        rules = self._rules.read(report, toponyms)
        layout = layout_of(report, toponyms, self._theatre, finder=self._finder, rules=rules)
        windows = [window for window in lay_windows(layout) if window.place.kind not in NO_EVENT_KINDS]
        questions = [self._ask(window, layout) for window in windows]
        questions = [question for question in questions if self._network.gate.passes(question.window, question.place)]
        if not questions:
            return rules
        windows = [question.window for question in questions]
        cast = Cast(camps=self._camps, meaning_on=meaning_on)
        choices = choose(windows, self._network.answer(questions), cast=cast, thresholds=self._network.thresholds)
        by_span = {(toponym.start, toponym.end): toponym for toponym in toponyms}
        found = []
        for choice in self._check.pass_through(report, toponyms, layout, choices):
            confidence = self._network.calibration.confidence(describe(choice, layout, cast))
            if confidence >= self._network.calibration.threshold:
                toponym = by_span[choice.window.place.start, choice.window.place.end]
                advice = _adviser(choice, layout, rules)
                if advice is None and self._abroad(toponym):
                    continue
                settled = replace(choice, status=settle_status(choice, layout, cast, advice))
                found.append(_event(report, layout, settled, toponym, advice, confidence))
        return keep_distinct(join_readings(found, rules))

    def _abroad(self, toponym: Toponym) -> bool:
        """Tell whether a place is another country's and outside the theatre; what the network alone sees there is not to be believed."""
        west, south, east, north = self._theatre.extent
        place = toponym.place
        if place is None or place.country is None or place.country in self._theatre.countries:
            return False
        across = west <= place.lon <= east if west <= east else place.lon >= west or place.lon <= east
        return not (across and south <= place.lat <= north)

    def _ask(self, window: Window, layout: Layout) -> Question:
        return Question(
            window=window,
            place=place_features(window, layout),
            actors=actor_features(window, layout, self._camps, self._sides),
            dates=date_features(window, layout),
        )


def _event(report: Report, layout: Layout, choice: Choice, toponym: Toponym, advice: Event | None, confidence: float) -> Event:  # noqa: PLR0917 - one call
    sentence = layout.sentences[choice.window.sentence]
    reading = Reading(
        type=choice.type,
        toponym=toponym,
        start=sentence.start,
        end=sentence.end,
        date=_date_mention(choice.date),
        actor=choice.actor,
        target=choice.target,
        extent=choice.extent,
        status=choice.status,
        attribution=None if advice is None else advice.attribution,
        rule=f"model:{choice.type}" + ("" if advice is None else f"+{advice.rule}"),
        confidence=confidence,
    )
    return build_event(report, reading)


def _adviser(choice: Choice, layout: Layout, rules: Sequence[Event]) -> Event | None:
    """Give the rules' event that a choice agrees with: the same sentence, place and class."""
    sentence = layout.sentences[choice.window.sentence]
    for event in rules:
        if alike(event.type, choice.type) and event.place_id == choice.window.place.key and sentence.start <= event.start < sentence.end:
            return event
    return None


def _date_mention(candidate: DateCandidate) -> DateMention | None:
    """Give the date expression of a candidate, with the day that was chosen; the dateline is ``None``."""
    mention = candidate.mention
    if mention is None or not candidate.alternate:
        return mention
    return replace(mention, date=candidate.date, date_end=candidate.date_end)


class _Network:
    """The exported linker, its tokenizer and the thresholds it was chosen with."""

    def __init__(self, folder: Path) -> None:
        settings = json.loads((folder / "linker.json").read_text(encoding="utf-8"))
        self.thresholds: tuple[float, ...] = tuple(settings["thresholds"])
        self.calibration = Calibration(**settings["calibration"])
        self.gate = load_gate(folder / "gate.json")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(settings["max_tokens"])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(folder / "linker.onnx"), options, providers=["CPUExecutionProvider"])

    def answer(self, questions: Sequence[Question]) -> dict[str, Floats]:
        """Give the network's probabilities, one row for each question, in order."""
        # one at a time: int8 scales are taken over a whole batch, and a place must not be read otherwise for what stands elsewhere
        rows = []
        for question in questions:
            results = self._session.run(_OUTPUTS, batch_arrays([question], self._tokenizer))
            rows.append({name: result[0] for name, result in zip(_OUTPUTS, results, strict=True)})
        return {name: _stack([row[name] for row in rows], last=name == "target") for name in _OUTPUTS}


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
