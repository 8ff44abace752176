"""Reading by rules, on sentences of our own: what must come out, and what never."""

import datetime as dt
from dataclasses import replace

import pytest
from reading_world import FRIDAY, load_reader, make_theatre, mark_places, read_text, told

from geo.reading.rules import RuleReader
from geo.records import Report

THURSDAY = "2024-12-05"

GAINS = [
    ("Rebels took control of [Saraqib] on Thursday.", "Saraqib", "hts"),
    ("[Saraqib] fell to the rebels on Thursday.", "Saraqib", "hts"),
    ("The army lost [Saraqib] to the rebels on Thursday.", "Saraqib", "hts"),
    ("[Saraqib] was captured by the rebels on Thursday.", "Saraqib", "hts"),
    ("The rebels drove the army out of [Saraqib] on Thursday.", "Saraqib", "hts"),
    ("The army regained control of [Saraqib] from the rebels on Thursday.", "Saraqib", "government"),
    ("The rebels have been in control of [Saraqib] since Thursday.", "Saraqib", "hts"),
    ("[Saraqib] has been under rebel control since Thursday.", "Saraqib", "hts"),
    ("The capture of [Saraqib] by the rebels on Thursday cut the highway.", "Saraqib", "hts"),
    ("Turkish-backed fighters captured [Saraqib] on Thursday, residents said.", "Saraqib", "sna"),
    ("Rebels captured most of [Saraqib] on Thursday.", "Saraqib", "hts"),
    ("The SDF walked into [Saraqib] on Thursday after the army had gone.", "Saraqib", "sdf"),
    ("05.12 [Saraqib]: back to HTS.", "Saraqib", "hts"),
]


@pytest.mark.parametrize(("sentence", "place", "actor"), GAINS)
def test_every_way_of_taking_a_place_is_a_capture_by_its_taker(sentence: str, place: str, actor: str) -> None:
    captures = [event for event in read_text(sentence) if event.type == "capture"]
    assert [(event.place, event.actor, event.date.isoformat()) for event in captures] == [(place, actor, THURSDAY)]


OTHERS = [
    ("The army withdrew from [Hama|city] on Thursday.", ("withdrawal", "Hama", "government")),
    ("The army pulled its troops out of [Hama|city] on Thursday.", ("withdrawal", "Hama", "government")),
    ("Rebels entered [Hama|city] on Thursday after heavy fighting.", ("contested", "Hama", "hts")),
    ("Rebels captured large parts of [Hama|city] on Thursday.", ("contested", "Hama", "hts")),
    ("The army repelled a rebel attack on [Salamiyah] on Thursday.", ("repelled", "Salamiyah", "government")),
    ("A rebel attack on [Salamiyah] was repelled by the army on Thursday.", ("repelled", "Salamiyah", "government")),
    ("Rebels launched an attack on [Salamiyah] on Thursday but failed to take it.", ("repelled", "Salamiyah", "government")),
    ("Russian jets bombed [Idlib|city] on Thursday.", ("strike", "Idlib", "russia")),
    ("Rebels shelled [Nubl] on Thursday.", ("strike", "Nubl", "hts")),
    ("The army closed [Aleppo airport|airport] on Thursday.", ("closure", "Aleppo airport", "government")),
    ("[Rastan] was handed over to the rebels on Thursday.", ("transfer", "Rastan", "hts")),
    ("The army handed [Rastan] over to the rebels on Thursday under a deal.", ("transfer", "Rastan", "hts")),
]


@pytest.mark.parametrize(("sentence", "expected"), OTHERS)
def test_each_kind_of_event_is_told_from_the_others(sentence: str, expected: tuple[str, str, str]) -> None:
    assert [(event.type, event.place, event.actor) for event in read_text(sentence)] == [expected]


NOTHING = [
    "Rebels captured 40 soldiers near [Saraqib].",
    "The army seized weapons and drugs in [Daraa].",
    "Police captured two smugglers in [Nasib].",
    "The army plans to retake [Saraqib].",
    "The army has ordered its units to withdraw from [Hama|city].",
    "Residents fear that the rebels could capture [Homs|city].",
    "HTS denied that it had captured [Salamiyah].",
    "Rebels have not taken [Rastan].",
    "The National Liberation Front is based in [Idlib|city].",
    "Rebel-held [Idlib|city] was quiet on Thursday.",
    "Government-controlled [Hama|city] received displaced families.",
    "The rebels reached the outskirts of [Hama|city] on Thursday.",
    "Rebels are within 5 km of [Homs|city].",
    "The army vowed to recapture [Aleppo|city].",
    "If [Homs|city] falls, the road to the coast is cut.",
    "The siege of [Kobani] entered its third week.",
    "Rebels still hold [Saraqib].",
    "[Homs|city] remains in the hands of the government.",
    "The army was told to leave [Rastan].",
    "The army tried to enter [Saraqib].",
    "Protesters toppled a statue in [Suwayda|city].",
    "Will [Homs|city] fall?",
    "The rebels demanded that the army leave [Hama|city].",
    "The SDF threatened to take [Manbij].",
    "Since taking control of the province years ago, HTS has governed [Idlib|city].",
    "A deal to hand over [Rastan] is being discussed.",
    "Analysts expect [Homs|city] to fall within days.",
    "The photo captured the mood in [Damascus|city].",
    "No one has taken [Talbiseh] yet.",
    "Had the rebels taken [Homs|city], the war would be over.",
    "The goal of the operation is the liberation of [Palmyra].",
    "Rebels prepare to storm [Hama|city].",
    "Rumours that [Homs|city] had fallen spread on Thursday.",
    "Three members of the group were captured on the road to [Homs|city].",
]


@pytest.mark.parametrize("sentence", NOTHING)
def test_what_did_not_happen_to_a_place_is_no_event(sentence: str) -> None:
    assert told(read_text(sentence)) == []


def test_the_gaining_side_alone_makes_a_claim() -> None:
    assert told(read_text("HTS said it had captured [Salamiyah] on Thursday.")) == [("capture", "Salamiyah", "hts", THURSDAY, "claimed")]


def test_the_losing_side_confirms() -> None:
    assert told(read_text("The army admitted that it had lost [Salamiyah] to HTS on Thursday.")) == [
        ("capture", "Salamiyah", "hts", THURSDAY, "confirmed")
    ]


def test_residents_confirm() -> None:
    assert [event.status for event in read_text("HTS captured [Salamiyah] on Thursday, residents said.")] == ["confirmed"]


def test_a_claim_that_is_denied_is_kept_as_denied() -> None:
    events = read_text("HTS claimed on Thursday that it had seized [Salamiyah], but the army denied this.")
    assert told(events) == [("capture", "Salamiyah", "hts", THURSDAY, "denied")]


def test_a_partys_own_communique_claims_its_gains_and_confirms_its_losses() -> None:
    text = (
        "Statement of Hayat Tahrir al-Sham. Our forces liberated [Saraqib] on Thursday. Our fighters withdrew from [Nayrab] on Wednesday."
    )
    events = read_text(text, source="communique", source_kind="party")
    assert told(events) == [
        ("capture", "Saraqib", "hts", THURSDAY, "claimed"),
        ("withdrawal", "Nayrab", "hts", "2024-12-04", "confirmed"),
    ]  # fmt: skip


def test_a_list_gives_an_event_for_each_place() -> None:
    events = read_text("Rebels seized [Saraqib], [Nayrab] and the village of [Afis] on Thursday.")
    assert [event.place for event in events] == ["Saraqib", "Nayrab", "Afis"]


def test_places_without_a_verb_share_the_one_before_and_keep_their_own_dates() -> None:
    events = read_text("The army occupied [Humera] on 11 November, [Shire] on the 17th and [Adigrat] four days later.")
    assert [(event.place, event.date.isoformat()) for event in events] == [
        ("Humera", "2024-11-11"),
        ("Shire", "2024-11-17"),
        ("Adigrat", "2024-11-21"),
    ]


def test_history_keeps_its_own_date_and_its_own_rebels() -> None:
    events = read_text("[Aleppo|city] was retaken by the army from rebels in December 2016.")
    assert [(e.type, e.actor, e.target, e.date.isoformat(), e.time_precision) for e in events] == [
        ("capture", "government", "opposition", "2016-12-01", "month")
    ]


def test_the_short_hand_of_notes_has_no_verbs() -> None:
    events = read_text(
        "05/12/2024 [Hama|city]: rebels in by dusk, army out.\n04/12/2024 [Suran] to HTS.\n[Halfaya] (HTS since 3 December) calm."
    )
    assert [(e.type, e.place, e.actor, e.date.isoformat()) for e in events] == [
        ("capture", "Hama", "hts", THURSDAY),
        ("withdrawal", "Hama", "government", THURSDAY),
        ("capture", "Suran", "hts", "2024-12-04"),
        ("capture", "Halfaya", "hts", "2024-12-03"),
    ]


def test_the_streets_of_a_place_told_of_before_are_a_part_of_it() -> None:
    events = read_text("Rebels shelled [Hama|city] on Wednesday. On Thursday they broke into its northern quarters.")
    assert [(e.type, e.place, e.extent) for e in events] == [("strike", "Hama", None), ("contested", "Hama", "part")]


def test_an_unopposed_entry_is_a_capture() -> None:
    assert [event.type for event in read_text("Rebels entered [Daraa|city] on Thursday without a fight.")] == ["capture"]


def test_without_actors_a_theatre_still_tells_that_a_place_changed_hands() -> None:
    text, toponyms = mark_places("Gunmen captured [Saraqib] on Thursday; the army withdrew from [Hama|city].")
    reader = RuleReader(replace(make_theatre(), actors=(), generics=()))
    events = reader.read(Report(id="r", published=FRIDAY, source="s", text=text), toponyms)
    assert [(event.type, event.place, event.actor) for event in events] == [("capture", "Saraqib", None), ("withdrawal", "Hama", None)]


def test_a_quarter_does_not_flip_its_city() -> None:
    events = read_text("Rebels took the [Hamdaniya|neighbourhood] quarter of [Aleppo|city] on Thursday.")
    assert [event.place for event in events] == ["Hamdaniya"]


def test_nearly_all_is_a_capture_in_part() -> None:
    assert [(event.type, event.extent) for event in read_text("Rebels captured most of [Hama|city] on Thursday.")] == [("capture", "part")]


def test_pronouns_point_to_the_subject_told_before() -> None:
    events = read_text("On Thursday rebels overran [Saraqib]. Two days earlier they had taken [Nayrab].")
    assert [(e.place, e.actor, e.date.isoformat()) for e in events] == [("Saraqib", "hts", THURSDAY), ("Nayrab", "hts", "2024-12-03")]


def test_who_takes_a_place_that_fell_is_not_its_holder() -> None:
    events = read_text("Rebels took [Saraqib] on Monday. On Thursday the town fell again.")
    assert [(e.actor, e.date.isoformat()) for e in events] == [("hts", "2024-12-02"), ("government", THURSDAY)]


def test_every_event_knows_its_sentence_and_its_span() -> None:
    marked = "Quiet in the south. Rebels took [Saraqib] on Thursday."
    (event,) = read_text(marked)
    text, _ = mark_places(marked)
    assert event.evidence == "Rebels took Saraqib on Thursday."
    assert text[event.start : event.end] == event.evidence
    assert event.rule
    assert 0 < event.confidence < 1


def test_event_ids_are_the_same_on_every_run() -> None:
    first, second = (read_text("Rebels took [Saraqib] on Thursday.")[0].event_id for _ in range(2))
    assert first == second
    assert len(first) == 16


def test_no_event_is_dated_after_its_report() -> None:
    for event in read_text("Rebels took [Saraqib] on Thursday and [Nayrab] on 12 December 2024."):
        assert event.date <= FRIDAY


FOUNDING = (
    "The Syrian army said on Saturday that scores of its men had died in an offensive by insurgents who swept into the city of "
    "[Aleppo|city]. The assault, led by the group Hayat Tahrir al-Sham, woke a front that had slept since 2020.\n"
    "The army acknowledged the advance, saying that insurgents had captured large parts of [Aleppo|city], a city that had been "
    "under full state control since government forces, backed by Russia, expelled rebels from the area eight years ago. It "
    "announced that it was regrouping and preparing a counteroffensive to restore control over the city.\n"
    "Pictures from [Aleppo|city] showed rebel fighters celebrating in the city's [Clock Square|square]. One of them spoke of his "
    "return to the city after he was driven out in 2016.\n"
    "The army's bombardment kept the rebels from setting up permanent positions, it promised, and it would expel them.\n"
    "Rebel sources also said that the insurgents had taken control of the city of [Maarat al-Numan] in [Idlib province|province], "
    "thereby gaining control over the entire province.\n"
    "In response, Russian and Syrian warplanes carried out airstrikes on rebel positions in [Aleppo|city]'s suburbs.\n"
    "The Kremlin condemned the assault. Rescue workers reported that airstrikes by Syrian and Russian forces targeted a school in "
    "rebel-controlled [Idlib|city], killing four civilians.\n"
    "Russia has pledged more aid. The authorities have closed [Aleppo airport|airport] and all roads leading to the city.\n"
    "The Syrian army has been instructed to follow orders for a safe withdrawal from areas of [Aleppo|city] now under rebel "
    "control.\n"
    "Opposition fighters called it retaliation for intensified airstrikes on civilian areas in [Idlib province|province]. Turkey "
    "criticised recent attacks on [Idlib|city]."
)


def test_the_founding_report_gives_its_table_and_nothing_else() -> None:
    saturday = dt.date(2024, 11, 30)
    events = read_text(FOUNDING, published=saturday)
    assert told(events) == [
        ("contested", "Aleppo", "hts", "2024-11-30", "confirmed"),
        ("capture", "Aleppo", "government", "2016-01-01", "confirmed"),
        ("contested", "Clock Square", "hts", "2024-11-30", "confirmed"),
        ("capture", "Maarat al-Numan", "hts", "2024-11-30", "claimed"),
        ("capture", "Idlib province", "hts", "2024-11-30", "claimed"),
        ("strike", "Aleppo", "russia", "2024-11-30", "confirmed"),
        ("strike", "Idlib", "government", "2024-11-30", "confirmed"),
        ("closure", "Aleppo airport", "government", "2024-11-30", "confirmed"),
        ("closure", "Aleppo", "government", "2024-11-30", "confirmed"),
    ]
    assert [event.time_precision for event in events if event.date.year == 2016] == ["year"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\n",
        "<div><p></p></div>",
        "Les rebelles ont pris la ville.",
        "взяли город " * 500,
        "a" * 100_000,
        "rebels took " * 20_000,
        "\x00\ufffd ${x} `y`",
    ],
)
def test_odd_texts_neither_crash_nor_make_events(text: str) -> None:
    toponyms = mark_places("[Saraqib]")[1] if len(text) > 10 else []
    assert load_reader().read(Report(id="r", published=FRIDAY, source="s", text=text), toponyms) == []
