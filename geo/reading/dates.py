"""Find every date expression of a report and resolve it to days, against the dateline and the dates told before it.

"On Friday" is the last Friday up to the dateline; "two days later" counts from the date told last; "12 May" without a year is
the most recent one, or the one nearest to the old date that the text is speaking of.
"""

import calendar
import datetime as dt
import functools
import itertools
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from geo.reading.sentences import Sentence, split_sentences
from geo.reading.tokens import fold
from geo.resources import data_path

Precision = Literal["day", "week", "month", "year"]
Anchoring = Literal["absolute", "published", "chained", "bare"]

_DAY = dt.timedelta(days=1)
_POST = re.compile(r"(?:^|\n|\s)[\[(]?(\d{1,2})/(\d{0,2})(?=[\s)\]])")
_CLOCK = re.compile(r"(?:^|\n)\s*(?:[01]?\d|2[0-3])[.:h](?:[2-5]\d|1[3-9])\b(?![./])")
_OLD = 330  # days: a text that last spoke of a day so long before its dateline may go on telling history
CHRONICLE_YEARS = 2  # so many past years named make a text a history
_ONWARD = 240  # days: so far ahead of the day told last a day of the same history lies, at most
_YEARS = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A date expression: ``date`` to ``date_end`` (``None`` but for ranges), to ``precision``.

    ``anchoring`` says what it was resolved against: nothing (``absolute``), the dateline (``published``), a date
    told before (``chained``), or the sentence's own day, being a time of day only (``bare``). ``backward`` marks "two days
    after" + a clause: the main clause has the date told before, the clause behind it lies that much earlier.
    """

    start: int
    end: int
    text: str
    date: dt.date
    date_end: dt.date | None = None
    precision: Precision = "day"
    anchoring: Anchoring = "absolute"
    backward: bool = False

    @property
    def chained(self) -> bool:
        """Whether it counts from a date told before."""
        return self.anchoring == "chained"


@dataclass(slots=True)
class _Context:
    """What the text has told so far."""

    published: dt.date
    anchor: dt.date | None = None
    in_sentence: dt.date | None = None
    before: str = ""
    after: str = ""
    in_line: dt.date | None = None
    thread: bool = False
    chronicle: bool = False
    clock: bool = False

    @property
    def base(self) -> dt.date:
        return self.anchor or self.published

    @property
    def historic(self) -> bool:
        return self.anchor is not None and (self.published - self.anchor).days > _OLD


def find_dates(text: str, published: dt.date, sentences: list[Sentence] | None = None) -> list[DateMention]:
    """Find and resolve the date expressions of a report, in text order.

    Parameters
    ----------
    text
        The report's text.
    published
        Its dateline.
    sentences
        Its sentences, where they are known already.

    Examples
    --------
    >>> told = find_dates("Saraqib fell on Thursday; two days later so did Hama.", dt.date(2024, 11, 30))
    >>> [(mention.text, str(mention.date)) for mention in told]
    [('Thursday', '2024-11-28'), ('two days later', '2024-11-30')]
    """
    grammar = _load_grammar()
    context = _Context(published, thread=_is_thread(text), chronicle=_is_chronicle(text, published), clock=bool(_CLOCK.search(text)))
    line, line_start = -1, 0
    found: list[DateMention] = []
    for sentence in split_sentences(text) if sentences is None else sentences:
        context.in_sentence = None
        if sentence.line != line:
            line, context.in_line = sentence.line, None
            line_start = sentence.start
        position = sentence.start
        for begin in grammar.starter.finditer(text, sentence.start, sentence.end):
            if begin.start() < position:
                continue
            mention = _read(grammar, text, begin.start(), sentence.end, context)
            if mention is None:
                continue
            found.append(mention)
            position = mention.end
            if mention.precision in ("day", "week") and mention.anchoring != "bare":
                context.anchor = context.in_sentence = mention.date_end if mention.date_end and mention.precision == "day" else mention.date
                if mention.start - line_start <= 12 and context.in_line is None:
                    context.in_line = context.anchor
            elif mention.anchoring == "bare":
                context.in_sentence = mention.date
            elif mention.precision in ("month", "year"):
                context.anchor = mention.date
    return found


def _is_chronicle(text: str, published: dt.date) -> bool:
    """Tell whether a text tells the history of several years, each named once."""
    return len({year for year in _YEARS.findall(text) if int(year) < published.year}) >= CHRONICLE_YEARS


def _is_thread(text: str) -> bool:
    """Tell whether the lines are numbered as posts of a thread ("2/6", "3/6")."""
    posts = [(int(number), total) for number, total in _POST.findall(text)]
    return len(posts) > 1 and len({total for _, total in posts}) == 1 and all(b - a == 1 for (a, _), (b, _) in itertools.pairwise(posts))


def _read(grammar: "_Grammar", text: str, at: int, limit: int, context: _Context) -> DateMention | None:
    for rule in grammar.rules:
        match = rule.pattern.match(text, at, limit)
        if match is None or match.end() == at:
            continue
        context.before = text[max(0, at - 24) : at].lower()
        context.after = text[match.end() : match.end() + 24]
        try:
            mention = rule.resolve(match, context)
        except (ValueError, OverflowError):
            continue
        if mention is not None:
            return mention
    return None


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    resolve: Callable[[re.Match[str], _Context], DateMention | None]


@dataclass(frozen=True, slots=True)
class _Grammar:
    starter: re.Pattern[str]
    rules: tuple[_Rule, ...]


def _alternatives(words: Any) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s+").replace("'", "['’]") for word in sorted(words, key=lambda w: (-len(w), w)))


@functools.cache
def _load_grammar() -> _Grammar:
    with data_path("lexicon", "dates.toml").open("rb") as file:
        return _build_grammar(tomllib.load(file))


def _build_grammar(table: Mapping[str, Any]) -> _Grammar:
    words = _Words(table)
    month, weekday, number = words.month, words.weekday, words.number
    day = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
    year = r"(?:,?\s+(?P<year>(?:19|20)\d\d)\b|,?\s+(?:of\s+)?(?P<which>that|the\s+same|this|last|the\s+following|the\s+next)\s+(?:year|yr)\b|(?P<tick>\s+['’]\d\d\b))?"
    part = rf"(?:\s+(?:{words.parts})\b)?"
    unit = r"(?P<unit>hour|hr|h|day|night|week|month|year|fortnight)s?"
    count = rf"(?P<count>\d{{1,3}}|{number})"
    direction = (
        r"(?P<direction>later|afterwards?|thereafter|after|earlier|before|previously|sooner|on(?=\s*[,.;:)]|\s+(?:came|it|they|the)\b))"
    )
    of_day = rf"(?P<name>morning|mornin|afternoon|evening|night|nite|day|noon|date|weekend|d\.|week|month|year|{weekday})"
    rules: list[tuple[str, Callable[[re.Match[str], _Context], DateMention | None]]] = [
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
        (rf"(?P<holiday>{words.holiday})(?!\w)", words.holiday_day),
        (
            r"(?:the\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)\b(?:\s+(?:of\s+)?(?P<which>this|that|the(?:\s+same)?|same)\s+month)?",
            words.day_only,
        ),
        (rf"(?:on\s+)?the\s+(?P<ordinal>{words.ordinal})\b(?P<which>\s+of\s+(?:this|that|the(?:\s+same)?)\s+month)?", words.day_only),
        (rf"(?P<bare>{words.bare})(?!\w)", words.bare_time),
        (r"(?P<year>(?:19[4-9]|20[0-4])\d)\b(?!\s*(?:km|m\b|men|fighters|soldiers|people|troops|[-/]\d))", words.year_only),
    ]
    return _Grammar(words.starter, tuple(_Rule(re.compile(pattern, re.IGNORECASE), resolve) for pattern, resolve in rules))


class _Words:
    """The word lists as pattern parts, and one method for each kind of expression."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._months = {word: int(number) for number, words in table["months"].items() for word in words}
        self._weekdays = {word: int(number) for number, words in table["weekdays"].items() for word in words}
        self._numbers = dict(table["numbers"])
        for tens in ("twenty", "thirty", "forty"):
            for one in ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine"):
                self._numbers.setdefault(f"{tens}-{one}", self._numbers[tens] + self._numbers[one])
        self._ordinals = dict(table["ordinals"])
        for tens, value in (("twenty", 20), ("thirty", 30)):
            for one, digit in list(table["ordinals"].items())[:9]:
                if value + digit <= 31:
                    self._ordinals[f"{tens}-{one}"] = value + digit
        self._deictic = dict(table["deictic"])
        self._holidays = dict(table["holidays"])
        self._seasons = dict(table["seasons"])
        self._ambiguous = frozenset(table["ambiguous"]["words"])
        self._counted = frozenset(table["counted"]["words"])
        self.month, self.weekday = _alternatives(self._months), _alternatives(self._weekdays)
        self.number, self.ordinal = _alternatives(self._numbers), _alternatives(self._ordinals)
        self.deictic, self.holiday, self.season = _alternatives(self._deictic), _alternatives(self._holidays), _alternatives(self._seasons)
        self.bare, self.parts = _alternatives(table["bare"]["words"]), _alternatives(table["parts_of_day"]["words"])
        self.bare_day = rf"(?:{self.bare}|the\s+night|night|late|early|the\s+small\s+hours|the\s+evening|the\s+morning|evening|morning)"
        first = {
            word.split()[0]
            for group in (self._months, self._weekdays, self._numbers, self._ordinals, self._deictic, self._holidays, self._seasons)
            for word in group
        }
        first |= {word.split()[0] for word in table["bare"]["words"]}
        first |= {
            "the",
            "that",
            "same",
            "next",
            "following",
            "previous",
            "preceding",
            "last",
            "this",
            "on",
            "over",
            "during",
            "between",
            "early",
            "mid",
            "late",
            "end",
            "start",
            "middle",
            "beginning",
            "exactly",
            "only",
            "just",
            "day",
            "night",
            "nite",
            "evening",
            "morning",
            "earlier",
            "a",
        }
        self.starter = re.compile(rf"(?<![\w-])(?:{_alternatives(first)}|\d{{1,4}}(?:st|nd|rd|th)?)(?!\w(?<!\d\w))", re.IGNORECASE)

    # --- absolute dates

    def iso(self, match: re.Match[str], _context: _Context) -> DateMention:
        return _mention(match, dt.date(int(match["y"]), int(match["m"]), int(match["d"])))

    def numeric(self, match: re.Match[str], context: _Context) -> DateMention:
        groups = match.groupdict()
        first, second = int(groups["d"]), int(groups["m"])
        day, month = (second, first) if second > 12 else (first, second)  # day first, but for 12/31
        if groups.get("y"):
            return _mention(match, dt.date(_full_year(groups["y"], context), month, day))
        return _mention(match, self._nearest(month, day, context))

    def dotted(self, match: re.Match[str], context: _Context) -> DateMention | None:
        # "16.05" at the start of a post is a time of day where other posts start with times that are no dates
        return None if context.clock else self.numeric(match, context)

    def slashed(self, match: re.Match[str], context: _Context) -> DateMention | None:
        # "2/6" opens the second post of a thread
        if context.thread and re.search(r"(?:^|\n)[\s\[(]*$", context.before):
            return None
        return self.numeric(match, context)

    def day_month(self, match: re.Match[str], context: _Context) -> DateMention | None:
        groups = match.groupdict()
        day = self._ordinals[fold(groups["ordinal"])] if groups.get("ordinal") else int(groups["day"])
        name = groups["month"]
        if not self._is_month(name, beside_number=True):
            return None
        return _mention(match, self._with_year(self._months[name.lower()], day, groups, context))

    def month_day(self, match: re.Match[str], context: _Context) -> DateMention | None:
        if not self._is_month(match["month"], beside_number=True) or re.match(
            r"\s*(?:men|people|soldiers|fighters|km|villages|towns)", context.after
        ):
            return None
        groups = match.groupdict()
        month = self._months[match["month"].lower()]
        first = self._with_year(month, int(match["day"]), groups, context)
        if groups.get("last"):
            return _mention(match, first, end=first.replace(day=int(groups["last"])))
        return _mention(match, first)

    def day_range(self, match: re.Match[str], context: _Context) -> DateMention | None:
        if not self._is_month(match["month"], beside_number=True):
            return None
        month = self._months[match["month"].lower()]
        last = self._with_year(month, int(match["last"]), match.groupdict(), context)
        first = last.replace(day=int(match["day"]))
        if first > last:
            first = (last.replace(day=1) - _DAY).replace(day=int(match["day"]))
        if re.search(r"nigh?te?\s+(?:of\s+|from\s+)?(?:the\s+)?$", context.before) and last - first == _DAY:
            return _mention(match, last)  # a night belongs to the later day
        if match["joint"] == "and" and not match.group().lower().startswith("between"):
            return None  # "4 and 6 July" are two dates
        return _mention(match, first, end=last)

    def edge_of_month(self, match: re.Match[str], context: _Context) -> DateMention | None:
        if match["yend"]:
            return _mention(match, dt.date(context.base.year, 12, 31))
        if match["that"]:
            month, year = context.base.month, context.base.year
        else:
            if not self._is_month(match["month"], beside_number=True):
                return None
            month = self._months[match["month"].lower()]
            year = self._with_year(month, 1, match.groupdict(), context).year
        length = calendar.monthrange(year, month)[1]
        what = match["what"].lower()
        if what == "day":
            return _mention(match, dt.date(year, month, 1 if match["edge"].lower() == "first" else length))
        if what == "days":
            return _mention(match, dt.date(year, month, 1), precision="month")
        first = dt.date(year, month, 1 if match["edge"].lower() == "first" else length - 6)
        return _mention(match, first, end=first + 6 * _DAY, precision="week")

    def month_only(self, match: re.Match[str], context: _Context) -> DateMention | None:
        groups = match.groupdict()
        told = any(groups[key] is not None for key in ("part", "year", "which", "same", "prior", "later"))
        if not self._is_month(match["month"], beside_number=told, before=context.before):
            return None
        month = self._months[match["month"].lower()]
        if groups["same"] is not None or groups["later"] is not None:
            base = context.base
            year = base.year + (1 if month < base.month or (month == base.month and groups["later"] is not None) else 0)
            if dt.date(year, month, 1) > context.published:
                year -= 1
            return _mention(match, dt.date(year, month, 1), precision="month", anchoring="chained")
        return _mention(match, self._with_year(month, 1, groups, context), precision="month")

    def relative_month(self, match: re.Match[str], context: _Context) -> DateMention:
        which = " ".join(match["when"].lower().split())
        base = context.published if which in ("last", "this") else context.base
        step = {"last": -1, "the previous": -1, "the following": 1, "the next": 1}.get(which, 0)
        anchoring: Anchoring = "published" if which in ("last", "this") else "chained"
        return _mention(match, _add_months(base.replace(day=1), step), precision="month", anchoring=anchoring)

    def season_year(self, match: re.Match[str], _context: _Context) -> DateMention:
        first, last = self._seasons[match["season"].lower()]
        year = int(match["year"])
        end_year = year + (1 if last < first else 0)
        return _mention(
            match, dt.date(year, first, 1), end=dt.date(end_year, last, calendar.monthrange(end_year, last)[1]), precision="month"
        )

    def year_only(self, match: re.Match[str], context: _Context) -> DateMention | None:
        year = int(match["year"])
        if year > context.published.year or re.search(r"[\d.,$€£]\s*$", context.before):
            return None
        return _mention(match, dt.date(year, 1, 1), end=dt.date(year, 12, 31), precision="year")

    # --- counted from the dateline

    def deictic_day(self, match: re.Match[str], context: _Context) -> DateMention:
        key = " ".join(match["deictic"].lower().replace("’", "'").split())
        return _mention(match, context.published + self._deictic[key] * _DAY, anchoring="published")

    def ago(self, match: re.Match[str], context: _Context) -> DateMention:
        return self._shift(match, context.published, -self._count(match), "published")

    def weekday_day(self, match: re.Match[str], context: _Context) -> DateMention | None:
        word = match["weekday"].lower()
        alone = len(match["weekday"]) + len(match["pre"] or "") == len(match.group().rstrip("."))
        if (
            word in self._ambiguous
            and alone
            and not (match["weekday"][0].isupper() or re.match(r"\s*\d", context.after) or word in ("fri", "mon", "wed", "sat"))
        ):
            return None
        if word in ("sun", "sat") and alone and match["pre"] and "last" not in match["pre"].lower():
            return None  # "the sun"
        if re.match(r"\s*(?:prayers?|market)\b", context.after, re.IGNORECASE) and not alone:
            return None
        number = self._weekdays[word]
        of = (match["of"] or "").lower()
        if context.historic and (match["pre"] or "").lower().strip() in ("the", "on the"):
            ahead = (number - context.base.weekday()) % 7
            date = context.base + ahead * _DAY
            return _mention(match, date, anchoring="chained")
        if "before" in of and context.anchor:
            return _mention(match, context.anchor - ((context.anchor.weekday() - number - 1) % 7 + 1) * _DAY, anchoring="chained")
        published = context.published
        date = published - ((published.weekday() - number) % 7) * _DAY
        if "last week" in " ".join(of.split()):
            date = published - (published.weekday() + 7 - number) * _DAY
        elif (match["pre"] or "").lower().strip() == "last" and date == published:
            date -= 7 * _DAY
        if re.search(r"(?:night\s+(?:to|of\s+\w+\s+to)|overnight\s+(?:in)?to)\s+$", context.before):
            return _mention(match, date, anchoring="published")
        return _mention(match, date, anchoring="published")

    def weekend(self, match: re.Match[str], context: _Context) -> DateMention:
        saturday = context.published - ((context.published.weekday() - 5) % 7) * _DAY
        return _mention(match, saturday, end=saturday + _DAY, anchoring="published")

    def week(self, match: re.Match[str], context: _Context) -> DateMention:
        monday = context.published - context.published.weekday() * _DAY
        monday -= 7 * _DAY if match["when"].lower() == "last" else 0 * _DAY
        return _mention(match, monday, end=monday + 6 * _DAY, precision="week", anchoring="published")

    def holiday_day(self, match: re.Match[str], context: _Context) -> DateMention:
        month, day = map(int, self._holidays[" ".join(match["holiday"].lower().replace("’", "'").split())].split("-"))
        return _mention(match, self._nearest(month, day, context))

    # --- counted from a date told before

    def offset(self, match: re.Match[str], context: _Context) -> DateMention | None:
        direction = match["direction"].lower()
        sign = -1 if direction in ("earlier", "before", "previously", "sooner") else 1
        refers = bool(match["that"]) or bool(re.match(r"\s*(?:[,.;:)]|$|that\b|those\b)", context.after))
        if direction in ("after", "before") and not refers:
            # "on Thursday, two days after the loss of X": the loss lies before Thursday
            if context.in_sentence is not None:
                shifted = self._shift(match, context.in_sentence, -sign * self._count(match), "chained")
                return replace(shifted, backward=True)
            return self._shift(match, context.base, sign * self._count(match), "chained")
        return self._shift(match, context.base, sign * self._count(match), "chained")

    def same_day(self, match: re.Match[str], context: _Context) -> DateMention | None:
        name = match["name"].lower()
        if name in self._weekdays:
            base = context.base
            return _mention(match, base - ((base.weekday() - self._weekdays[name] + 3) % 7 - 3) * _DAY, anchoring="chained")
        return self._named(match, name, context, 0)

    def neighbour(self, match: re.Match[str], context: _Context) -> DateMention | None:
        step = 1 if match["way"].lower() in ("next", "following") else -1
        name = match["name"].lower()
        if name in self._weekdays:
            ahead = (self._weekdays[name] - context.base.weekday()) % 7 or 7
            return _mention(
                match, context.base + (ahead if step > 0 else ahead - 14 if ahead == 7 else ahead - 7) * _DAY, anchoring="chained"
            )
        return self._named(match, name, context, step)

    def _named(self, match: re.Match[str], name: str, context: _Context, step: int) -> DateMention | None:
        base = context.base
        if name == "month":
            return _mention(match, _add_months(base.replace(day=1), step), precision="month", anchoring="chained")
        if name == "year":
            return _mention(match, dt.date(base.year + step, 1, 1), precision="year", anchoring="chained")
        if name == "week":
            monday = base - base.weekday() * _DAY + 7 * step * _DAY
            return _mention(match, monday, end=monday + 6 * _DAY, precision="week", anchoring="chained")
        if name == "weekend":
            saturday = base - ((base.weekday() - 5) % 7) * _DAY + 7 * step * _DAY
            return _mention(match, saturday, end=saturday + _DAY, anchoring="chained")
        return _mention(match, base + step * _DAY, anchoring="chained")

    def morrow(self, match: re.Match[str], context: _Context) -> DateMention:
        return _mention(match, context.base + _DAY, anchoring="chained")

    def day_beside(self, match: re.Match[str], context: _Context) -> DateMention | None:
        that = (match["that"] or "").strip().lower()
        if that in ("tomorrow", "last", "yesterday"):
            return None
        step = 1 if match["way"].lower() == "after" else -1
        refers = bool(that) or bool(re.match(r"\s*(?:[,.;:)]|$)", context.after))
        if not refers and context.in_sentence is not None:
            return replace(_mention(match, context.in_sentence - step * _DAY, anchoring="chained"), backward=True)
        return _mention(match, context.base + step * _DAY, anchoring="chained")

    def day_only(self, match: re.Match[str], context: _Context) -> DateMention | None:
        groups = match.groupdict()
        spelled = groups.get("ordinal")
        following = re.match(r"[\s-]+([A-Za-z]+)", context.after)
        sure = bool(groups.get("which")) or re.search(
            r"\b(?:on|by|since|until|till)\s+(?:the\s+)?$",
            context.before + match.group()[:7].lower().replace(match.group("ordinal" if spelled else "day").lower(), ""),
        )
        if (
            following
            and following.group(1).lower() in self._counted
            and not (sure and following.group(1).lower() in ("soldiers", "men", "in", "army"))
        ):
            return None
        if following and following.group(1)[0].isupper() and not sure:
            return None
        if (
            spelled
            and not groups.get("which")
            and not (match.group().lower().startswith("on") and (re.match(r"\s*(?:[,.;:)]|$|and\b|it\b|they\b|by\b)", context.after)))
        ):
            return None
        if (
            not spelled
            and following
            and not groups.get("which")
            and not match.group().lower().startswith("the")
            and following.group(1).islower()
            and len(following.group(1)) > 7
        ):
            return None
        day = self._ordinals[spelled.lower()] if spelled else int(groups["day"])
        base = context.anchor if context.anchor is not None else context.published
        first = base.replace(day=1)
        candidates = [_on_day(_add_months(first, step), day) for step in (0, -1, 1)]
        good = [date for date in candidates if date is not None and date <= context.published]
        if not good:
            return None
        return _mention(match, good[0], anchoring="chained" if context.anchor else "published")

    def bare_time(self, match: re.Match[str], context: _Context) -> DateMention:
        return _mention(match, context.in_sentence or context.in_line or context.published, anchoring="bare")

    def skip(self, _match: re.Match[str], _context: _Context) -> None:
        return None

    # --- help

    def _is_month(self, word: str, *, beside_number: bool, before: str = "") -> bool:
        """Tell the month from the verb ("may", "march") and from a name: alone, it needs a preposition or its whole name."""
        low = word.lower()
        if beside_number:
            return True
        if low in self._ambiguous or len(low) <= 4:
            return (
                word[0].isupper()
                and bool(
                    re.search(
                        r"\b(?:in|of|since|by|until|till|from|during|after|before|through|to|and|late|early|mid)[\s-]+$|[(,]\s*$", before
                    )
                )
            ) or low in ("june", "july")
        return True

    def _with_year(self, month: int, day: int, groups: Mapping[str, str | None], context: _Context) -> dt.date:
        if groups.get("year"):
            return dt.date(_full_year(str(groups["year"]), context), month, day)
        if groups.get("tick"):
            return dt.date(_full_year(str(groups["tick"])[-2:], context), month, day)
        which = " ".join((groups.get("which") or "").lower().split())
        if which:
            base = {"this": context.published.year, "last": context.published.year - 1}.get(which, context.base.year)
            return dt.date(base + (1 if which in ("the following", "the next") else 0), month, day)
        return self._nearest(month, day, context)

    def _nearest(self, month: int, day: int, context: _Context) -> dt.date:
        """Give the most recent such day; while the text tells history, the one nearest to the date told last."""
        published = context.published
        if context.chronicle and context.historic and context.anchor is not None:
            anchor = context.anchor
            near = [date for year in (0, 1) if (date := _safe(anchor.year + year, month, day)) and date <= published]
            onward = [date for date in near if -15 <= (date - anchor).days <= _ONWARD]
            if onward:
                return min(onward, key=lambda date: (abs((date - anchor).days), date))
        recent = _safe(published.year, month, day)
        if recent is not None and recent <= published:
            return recent
        before = next((date for back in range(1, 9) if (date := _safe(published.year - back, month, day))), None)
        if before is None:
            raise ValueError(f"no such day: {day}.{month}.")
        return before

    def _count(self, match: re.Match[str]) -> int:
        word = match["count"].lower()
        return int(word) if word.isdigit() else int(self._numbers[word])

    def _shift(self, match: re.Match[str], base: dt.date, count: int, anchoring: Anchoring) -> DateMention:
        unit = match["unit"].lower()
        if unit in ("hour", "hr", "h"):
            return _mention(match, base + dt.timedelta(days=round(count / 24)), anchoring=anchoring)
        if unit == "month":
            exact = "to the day" in match.group().lower()
            shifted = _add_months(base, count)
            return _mention(match, shifted if exact else shifted.replace(day=1), precision="day" if exact else "month", anchoring=anchoring)
        if unit == "year":
            return _mention(
                match, dt.date(base.year + count, 1, 1), end=dt.date(base.year + count, 12, 31), precision="year", anchoring=anchoring
            )
        days = {"week": 7, "fortnight": 14}.get(unit, 1)
        return _mention(match, base + count * days * _DAY, anchoring=anchoring)


def _mention(
    match: re.Match[str], date: dt.date, *, end: dt.date | None = None, precision: Precision = "day", anchoring: Anchoring = "absolute"
) -> DateMention:
    return DateMention(
        start=match.start(), end=match.end(), text=match.group(), date=date, date_end=end, precision=precision, anchoring=anchoring
    )


def _full_year(digits: str, context: _Context) -> int:
    year = int(digits)
    if year < 100:
        century = context.published.year // 100 * 100
        year += century if century + year <= context.published.year + 1 else century - 100
    return year


def _safe(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _on_day(first: dt.date, day: int) -> dt.date | None:
    return _safe(first.year, first.month, day)


def _add_months(date: dt.date, months: int) -> dt.date:
    index = date.year * 12 + date.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))
