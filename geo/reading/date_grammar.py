"""The patterns of date expressions, each with the method that resolves it; built from ``data/lexicon/dates.toml``."""

import functools
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from geo.reading.date_mentions import DateContext, DateMention
from geo.reading.date_relative import DateWords
from geo.resources import data_path


@dataclass(frozen=True, slots=True)
class DateRule:
    """A pattern and the method that resolves it."""

    pattern: re.Pattern[str]
    resolve: Callable[[re.Match[str], DateContext], DateMention | None]


@dataclass(frozen=True, slots=True)
class DateGrammar:
    """Where an expression can start, and the rules in the order in which they are tried."""

    starter: re.Pattern[str]
    rules: tuple[DateRule, ...]


@functools.cache
def load_date_grammar() -> DateGrammar:
    """Give the grammar of the file."""
    with data_path("lexicon", "dates.toml").open("rb") as file:
        return build_grammar(tomllib.load(file))


def build_grammar(table: Mapping[str, Any]) -> DateGrammar:
    """Build the patterns from the word lists."""
    words = DateWords(table)
    month, weekday, number = words.month, words.weekday, words.number
    day = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    which = r"(?P<which>that|the\s+same|this|last|the\s+following|the\s+next)"
    year = rf"(?:,?\s+(?P<year>(?:19|20)\d\d)\b|,?\s+(?:of\s+)?{which}\s+(?:year|yr)\b|(?P<tick>\s+['’]\d\d\b))?"
    part = rf"(?:\s+(?:{words.parts})\b)?"
    unit = r"(?P<unit>hour|hr|h|day|night|week|month|year|fortnight)s?"
    count = rf"(?P<count>\d{{1,3}}|{number})"
    direction = (
        r"(?P<direction>later|afterwards?|thereafter|after|earlier|before|previously|sooner|on(?=\s*[,.;:)]|\s+(?:came|it|they|the)\b))"
    )
    of_day = rf"(?P<name>morning|mornin|afternoon|evening|night|nite|day|noon|date|weekend|d\.|week|month|year|{weekday})"
    rules: list[tuple[str, Callable[[re.Match[str], DateContext], DateMention | None]]] = [
        (r"(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b", words.iso),
        (r"(?P<d>\d{1,2})(?P<sep>[/.])(?P<m>\d{1,2})(?P=sep)(?P<y>(?:19|20)?\d\d)\b", words.numeric),
        (rf"(?:{weekday})\.?,?\s+(?P<d>\d{{1,2}})/(?P<m>\d{{1,2}})\b", words.numeric),
        (r"(?P<d>\d{1,2})(?P<sep>[.])(?P<m>0[1-9]|1[0-2])(?![\d%])(?!\.\d)(?!\s*(?:km|m|per|million|metres|percent))\b", words.dotted),
        (r"(?P<d>[12]?\d|3[01])/(?P<m>1[0-2]|0?[1-9])(?![\d/%])", words.slashed),
        (rf"(?P<day>\d{{1,2}})-(?P<month>{month})(?:-(?P<year>(?:19|20)?\d\d))?\b", words.day_month),
        (
            rf"(?:between\s+(?:the\s+)?)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*(?P<joint>-|–|/|to|and)\s*(?:the\s+)?(?P<last>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{month})\b\.?{year}",
            words.day_range,
        ),
        (
            rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?=\s*(?:,|and|&|or)\s*(?:on\s+)?(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+(?P<month>{month})\b)",
            words.day_month,
        ),
        (rf"(?:(?:{weekday})\.?,?\s+)?(?:the\s+)?{day}\s+(?:of\s+)?(?P<month>{month})\b\.?{year}", words.day_month),
        (rf"(?:the\s+)?(?P<ordinal>{words.ordinal})\s+of\s+(?P<month>{month})\b{year}", words.day_month),
        (
            rf"(?:(?:{weekday})\.?,?\s+)?(?P<month>{month})\b\.?\s+(?:the\s+)?{day}(?![\d:%])(?:\s*[-–]\s*(?P<last>\d{{1,2}})\b)?{year}",
            words.month_day,
        ),
        (
            rf"(?:the\s+)?(?P<edge>first|last)\s+(?P<what>week|days?|day)\s+of\s+(?:(?P<month>{month})\b{year}|(?P<that>that|the|this)\s+month|(?P<yend>the\s+year))",
            words.edge_of_month,
        ),
        (
            rf"(?:the\s+)?(?:(?P<part>early|mid|late|middle\s+of|end\s+of|start\s+of|beginning\s+of|very\s+start\s+of)[\s-]+)?(?:that\s+(?P<same>)|last\s+(?P<prior>)|the\s+following\s+(?P<later>)|this\s+)?(?P<month>{month})\b\.?{year}",
            words.month_only,
        ),
        (
            r"(?P<part>early|mid|late|end\s+of|start\s+of)?[\s-]*(?P<when>last|this|that|the\s+same|the\s+following|the\s+next|the\s+previous)\s+month\b",
            words.relative_month,
        ),
        (rf"(?P<season>{words.season})(?:\s+of)?\s+(?P<year>(?:19|20)\d\d)\b", words.season_year),
        (rf"(?P<deictic>{words.deictic}){part}(?!\w)", words.deictic_day),
        (rf"{count}\s+{unit}\s+ago(?:\s+today)?\b", words.ago),
        (
            rf"(?:exactly\s+|only\s+|just\s+)?{count}\s*{unit}\s+{direction}\b(?P<that>\s+(?:that|this|it|those|them|these)\b)?(?:,?\s+to\s+the\s+day)?",
            words.offset,
        ),
        (rf"(?:{words.bare_day})\s+(?:on|of|to)\s+(?:the\s+)?(?=(?:{weekday}|\d|{month}))", words.skip),
        (rf"(?:the\s+|a\s+)?(?P<way>same|that\s+same|that\s+very|very)\s+{of_day}(?:\s+(?:{words.parts})\b)?(?!\w)", words.same_day),
        (rf"that\s+{of_day}(?:\s+(?:{words.parts})\b)?(?!\w)", words.same_day),
        (rf"(?:the\s+)?(?P<way>next|following|previous|preceding|prior)\s+{of_day}(?:\s+(?:{words.parts})\b)?(?!\w)", words.neighbour),
        (r"(?:on\s+)?the\s+(?:morrow)\b", words.morrow),
        (
            r"(?:the\s+)?(?P<name>day|night|nite|evening|morning|afternoon)\s+(?P<way>after|before|b4)\b(?P<that>\s+(?:that|this|it|those|them|last|tomorrow|yesterday)\b)?",
            words.day_beside,
        ),
        (
            rf"(?P<pre>last\s+|this\s+|the\s+|on\s+the\s+)?(?P<weekday>{weekday})(?!\w)\.?(?P<of>\s+(?:of\s+)?last\s+week|\s+last\b|\s+before\b)?{part}",
            words.weekday_day,
        ),
        (r"(?:over|at|during)\s+(?:the|this)\s+weekend\b|this\s+weekend\b", words.weekend),
        (r"(?P<when>last|this|earlier\s+this)\s+week\b", words.week),
        (r"(?P<when>last|earlier\s+this)\s+year\b", words.year_beside),
        (rf"(?P<holiday>{words.holiday})(?!\w)", words.holiday_day),
        (
            r"(?:the\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)\b(?:\s+(?:of\s+)?(?P<which>this|that|the(?:\s+same)?|same)\s+month)?",
            words.day_only,
        ),
        (rf"(?:on\s+)?the\s+(?P<ordinal>{words.ordinal})\b(?P<which>\s+of\s+(?:this|that|the(?:\s+same)?)\s+month)?", words.day_only),
        (rf"(?P<bare>{words.bare})(?!\w)", words.bare_time),
        (r"(?P<year>(?:19[4-9]|20[0-4])\d)\b(?!\s*(?:km|m\b|men|fighters|soldiers|people|troops|[-/]\d))", words.year_only),
    ]
    return DateGrammar(words.starter, tuple(DateRule(re.compile(pattern, re.IGNORECASE), resolve) for pattern, resolve in rules))
