"""The reader that ships: it reads plain news rightly, refuses what did not happen, and gives the same events every time."""

import datetime as dt
import hashlib
import json

import pytest

from geo.reading.linker_corpus import drill_theatre
from geo.reading.model import ModelReader
from geo.records import Event, Place, Report, Toponym
from geo.resources import data_path

THEATRE = drill_theatre()


@pytest.fixture(scope="module")
def reader() -> ModelReader:
    return ModelReader(THEATRE)


def read(reader: ModelReader, text: str, *names: str, source_kind: str = "wire") -> list[Event]:
    toponyms = []
    for number, name in enumerate(names):
        place = Place(place_id=f"t:{name.lower()}", name=name, kind="town", lon=number, lat=number)
        at = text.find(name)
        while at >= 0:
            toponyms.append(Toponym(report_id="r", text=name, start=at, end=at + len(name), place=place, match="exact", score=1.0))
            at = text.find(name, at + 1)
    toponyms.sort(key=lambda toponym: toponym.start)
    report = Report(id="r", published=dt.date(2024, 11, 30), source="agency", source_kind=source_kind, text=text)
    return reader.read(report, toponyms)


@pytest.mark.parametrize(
    ("text", "kind", "actor", "day"),
    [
        ("Redland forces seized Umbar on Thursday after two days of fighting with Zelia.", "capture", "drill-0", 28),
        ("Zelia lost Umbar to Redland on Thursday, residents said.", "capture", "drill-0", 28),
        ("Umbar was retaken by Zelia on Wednesday.", "capture", "drill-3", 27),
        ("Redland troops pulled out of Umbar on Friday.", "withdrawal", "drill-0", 29),
        ("Zelia drove Redland out of Umbar yesterday.", "capture", "drill-3", 29),
    ],
)
def test_plain_news_is_read_with_class_actor_and_day(reader: ModelReader, text: str, kind: str, actor: str, day: int) -> None:
    (event,) = read(reader, text, "Umbar")
    assert (event.type, event.actor, event.date) == (kind, actor, dt.date(2024, 11, day))
    assert event.evidence == text
    assert event.rule.startswith(f"model:{kind}")
    assert 0 < event.confidence <= 1


@pytest.mark.parametrize(
    "text",
    [
        "Redland plans to seize Umbar before the winter, its commander said on Thursday.",
        "Residents of Umbar fear that Redland will storm the town.",
        "Redland captured three Zelia soldiers near Umbar on Thursday.",
        "If Umbar falls, Redland could reach the sea.",
        "Redland still controls Umbar, residents said on Thursday.",
        "Police arrested twelve people in Umbar on Thursday after a demonstration against rising prices.",
    ],
)
def test_what_did_not_happen_to_a_place_is_no_change_of_control(reader: ModelReader, text: str) -> None:
    assert [event for event in read(reader, text, "Umbar") if event.type in ("capture", "transfer", "withdrawal", "contested")] == []


def test_two_places_of_one_sentence_have_each_their_own_taker(reader: ModelReader) -> None:
    events = read(reader, "Redland took Umbar on Thursday, and Zelia took Kesh on Friday.", "Umbar", "Kesh")
    assert {(event.place, event.actor, event.date.day) for event in events} == {("Umbar", "drill-0", 28), ("Kesh", "drill-3", 29)}


def test_reading_again_and_in_another_order_gives_the_same_events(reader: ModelReader) -> None:
    texts = ["Redland took Umbar on Thursday.", "Zelia left Umbar on Friday and Redland walked in. It rained in Umbar."]
    first = [read(reader, text, "Umbar") for text in texts]
    again = [read(reader, text, "Umbar") for text in reversed(texts)][::-1]
    assert first == again


@pytest.mark.parametrize("text", ["", " ", "<p><b></b></p>", "x" * 5000, "Повстанцы заняли Умбар в четверг."])
def test_a_text_with_nothing_to_read_gives_nothing(reader: ModelReader, text: str) -> None:
    assert read(reader, text, "Umbar") == []


def test_the_model_fits_into_the_wheel_and_was_trained_on_the_corpus_that_ships() -> None:
    folder = data_path("models")
    assert sum(path.stat().st_size for path in folder.iterdir()) < 30e6
    trained_on = json.loads((folder / "linker.json").read_text(encoding="utf-8"))["corpus"]
    for name, digest in trained_on.items():
        assert hashlib.sha256(data_path("corpus", name).read_bytes()).hexdigest() == digest, (
            f"{name} changed: train anew (scripts/train-reader)"
        )
