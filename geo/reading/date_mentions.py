"""What a date expression is, and what the text has told before it."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal

Precision = Literal["day", "week", "month", "year"]
Anchoring = Literal["absolute", "published", "chained", "bare"]

DAY = dt.timedelta(days=1)
OLD_DAYS = 330  # a text that last spoke of a day so long before its dateline may go on telling history


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
class DateContext:
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
        """The date told last, else the dateline."""
        return self.anchor or self.published

    @property
    def historic(self) -> bool:
        """Whether the text last spoke of a day long past."""
        return self.anchor is not None and (self.published - self.anchor).days > OLD_DAYS


def make_mention(
    match: re.Match[str], date: dt.date, *, end: dt.date | None = None, precision: Precision = "day", anchoring: Anchoring = "absolute"
) -> DateMention:
    """Make the mention of a match."""
    return DateMention(
        start=match.start(), end=match.end(), text=match.group(), date=date, date_end=end, precision=precision, anchoring=anchoring
    )


def full_year(digits: str, context: DateContext) -> int:
    """Give the year that two digits mean at the dateline."""
    year = int(digits)
    if year < 100:
        century = context.published.year // 100 * 100
        year += century if century + year <= context.published.year + 1 else century - 100
    return year


def safe_date(year: int, month: int, day: int) -> dt.date | None:
    """Give a date, ``None`` where there is no such day."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def on_day(first: dt.date, day: int) -> dt.date | None:
    """Give a day of a month, ``None`` where the month has no such day."""
    return safe_date(first.year, first.month, day)


def add_months(date: dt.date, months: int) -> dt.date:
    """Count months on from a date; the day is kept where the month has it."""
    index = date.year * 12 + date.month - 1 + months
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))
