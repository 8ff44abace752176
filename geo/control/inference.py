"""Who holds the places that no report names: labels spread over the graph of neighbouring cells, with a probability.

The method is label propagation by harmonic functions (Zhu, Ghahramani and Lafferty, ICML 2003) on the
graph of the cells, each border weighted by its length over the distance of its two points: the finite-volume
form of Laplace's equation, as in Laplace (natural-neighbour) interpolation, so that the result does not depend on how
densely places happen to lie. Near the front it beats nearest neighbour and inverse distance at every density tried, and ties with
a Gaussian process of exponential kernel, which costs the cube of the number of places (figures: ``scripts/evaluate-control``).

Two questions are put to it. *Fill*: the baseline knows some places, the others take the likeliest
side. *Follow*: reports move some places; a neighbour that nobody named follows where the reports
have moved its score by ``SHIFT``, not where the baseline alone left it in doubt. What is known holds firmly; the
baseline's hold on land that no report has named since is weak, a town's stronger than a hamlet's. A pocket that reports have cut off
from its own side, and that none names, goes to those who surround it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from geo.control.arrays import Bools, Floats, Ints
from geo.control.cells import PARTS, Cells
from geo.control.mesh import connected

FIRM = 100.0  # weight of what is known, beside borders of about 1
LEAK = 0.01  # pull of every unknown cell to "no idea", which makes the probability fade with distance
REACH_KM = 25.0  # how far a report is felt on land that none has named since: a lone town takes some 7 km round it along
LEAST_HOLD = 0.02  # of the smallest scrap of land, lest the answer take for ever
HOLD_PEOPLE = 20_000  # a town of this size holds twice as firmly as a hamlet: its fall would have been reported
SHIFT = 0.25  # of the score, that reports must have made before an unnamed place follows them
POCKET_KM2 = 400.0  # a bigger pocket would be in the news
WEIGHT_RANGE = (0.3, 2.0)  # of a border: no neighbour without a say, none that decides alone
PART_WEIGHT = 0.01  # of a border of a quarter that is held apart from its town: neither follows the other
SHARPEN = 1.8  # on the log odds: scores are too modest by about this factor, at 50, 80 and 95 % hidden and in two wars
TOLERANCE = 1e-4  # share of the first error that is left in the answer
SETTLED = 4e-3  # no score moved by more in a round: enough
TOLERANCE_WARM = 1e-2  # the same, when the answer without reports is the start


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """The likeliest holder of each cell (index into the actors, -1 for none), how likely, and the cell whose evidence it follows."""

    actor: Ints
    probability: Floats
    source: Ints


class Inference:
    """The cells as a weighted graph, with the camps of the actors.

    Parameters
    ----------
    cells
        The coverage.
    camps
        The camp number of each actor.
    reach_m
        Farther than this from evidence nothing is inferred.
    """

    def __init__(self, cells: Cells, camps: Sequence[int], reach_m: float) -> None:
        self._cells, self._reach_m = cells, reach_m
        self._camp = np.asarray(camps, dtype=np.int64)
        self._members = np.eye(int(self._camp.max(initial=-1)) + 1)[self._camp]  # (actors, camps)
        self._weights = _border_weights(cells)
        self._degree = np.asarray(self._weights.sum(axis=1)).ravel()
        people = np.array([p.population if p is not None else 0 for p in cells.places], dtype=np.float64)
        self._hold = np.maximum(cells.area_km2 / REACH_KM**2, LEAST_HOLD) * (1.0 + people / HOLD_PEOPLE)
        self._target = np.zeros((len(cells), len(self._camp)))  # what the baseline says, in probabilities
        self._spoken = np.zeros(len(cells), dtype=bool)  # cells of which the baseline says something
        self._base = Guess(actor=np.full(len(cells), -1), probability=np.zeros(len(cells)), source=np.full(len(cells), -1))
        self._whole_km2: Floats = np.zeros(len(cells))  # of the connected land of the same camp at the start
        self._before: Floats | None = None

    def fill(self, holders: Floats, blank: Bools) -> Guess:
        """Take the baseline in, and fill the land that it leaves open.

        Parameters
        ----------
        holders
            Share of each actor in each cell (n, actors): one for the holder, parts where contested, zero where not known.
        blank
            Cells that the baseline calls unknown; they stay so.
        """
        known: Bools = np.asarray(holders.any(axis=1))
        if not known.any():
            return self._base
        score = self._spread(np.where(known[:, None], holders, 0.0), np.where(known, FIRM, LEAK), None)
        guess = self._guess(score, ~known & ~blank, holders, np.full(len(holders), -1))
        share = probability(score)
        self._spoken = known | (guess.actor >= 0)
        self._target = np.where(known[:, None], holders, np.where(self._spoken[:, None], share, 0.0))
        held = np.where(known & (holders.max(axis=1) >= 1.0), holders.argmax(axis=1), -1)
        self._base = Guess(actor=np.where(known, held, guess.actor), probability=guess.probability, source=guess.source)
        self._before = None
        camp = np.where(self._base.actor >= 0, self._camp[self._base.actor], -1)
        number = connected(self._cells.pairs, camp)
        self._whole_km2 = np.bincount(number, weights=self._cells.area_km2)[number].astype(np.float64)
        return guess

    def follow(self, holders: Floats, firm: Bools, exact: Bools) -> Guess:
        """Let unnamed land follow what reports say.

        Parameters
        ----------
        holders
            As in ``fill``, of the cells that reports name.
        firm
            Those cells.
        exact
            Those of them that a report names themselves. What it says of a whole province holds there, and pushes no further.

        Returns
        -------
        Guess
            For every cell that is not firm: what the baseline and the reports make likeliest together.
        """
        if not firm.any():
            return self._base
        weight = np.where(self._spoken, self._hold, LEAK)
        if self._before is None:
            self._before = self._spread(self._target, weight, None)
        target = np.where(firm[:, None], holders, self._target)
        score = self._spread(target, np.where(firm & exact, FIRM, weight), self._before)
        base_camp = np.where(self._base.actor >= 0, self._camp[self._base.actor], -1)
        camps = score @ self._members
        winner = camps.argmax(axis=1)
        gained = np.take_along_axis(camps - self._before @ self._members, winner[:, None], axis=1)[:, 0]
        # contested from the start stays so until somebody reports on it; else it moves to another side, if reports moved it there
        open_land = (base_camp < 0) & ~self._spoken
        wanted = ~firm & (open_land | ((base_camp >= 0) & (winner != base_camp) & (gained >= SHIFT)))
        guess = self._guess(score, wanted, np.where(firm[:, None], holders, 0.0), base_camp)
        moved = guess.actor >= 0
        actor = np.where(moved, guess.actor, self._base.actor)
        taken = Guess(
            actor=actor,
            probability=np.where(moved, guess.probability, self._base.probability),
            source=np.where(moved, guess.source, self._base.source),
        )
        return self._pockets(taken, holders, firm)

    def _guess(self, score: Floats, wanted: Bools, evidence: Floats, loser: Ints) -> Guess:
        """Name the likeliest actor of the cells that are wanted and near enough to evidence of its camp.

        What a camp took from one side is no evidence that it took land of a third side: ``loser`` tells who held each cell before.
        """
        actor, source = np.full(len(score), -1), np.full(len(score), -1)
        chance = np.zeros(len(score))
        asked = np.flatnonzero(wanted)
        camps = sharpen(probability(score[asked])) @ self._members
        winner, chance[asked] = camps.argmax(axis=1), camps.max(axis=1, initial=0.0)
        for camp in np.unique(winner).tolist():
            all_seen = np.flatnonzero((evidence @ self._members[:, camp]) >= 1.0)
            for side in np.unique(loser[asked]).tolist():
                seen = all_seen[(loser[all_seen] == side) | (loser[all_seen] == -1) | (side == -1)]
                cells = asked[(winner == camp) & (loser[asked] == side)]
                if not len(seen) or not len(cells):
                    continue
                distance, nearest = cKDTree(self._cells.xy[seen]).query(self._cells.xy[cells])
                near = distance <= self._reach_m
                source[cells[near]] = seen[nearest[near]]
                actor[cells[near]] = evidence[seen[nearest[near]]].argmax(axis=1)
        return Guess(actor=actor, probability=chance, source=source)

    def _pockets(self, guess: Guess, holders: Floats, firm: Bools) -> Guess:
        """Give pockets that reports have cut off, and that no report names, to those who surround them."""
        pairs = self._cells.pairs
        before = np.where(self._base.actor >= 0, self._camp[self._base.actor], -1)
        held = np.where(firm & (holders.max(axis=1, initial=0.0) >= 1.0), holders.argmax(axis=1), np.where(firm, -1, guess.actor))
        camp = np.where(held >= 0, self._camp[held], -1)
        part = connected(pairs, camp)
        area = np.bincount(part, weights=self._cells.area_km2)[part]
        small = (area <= POCKET_KM2) & (camp >= 0) & (camp == before) & (self._whole_km2 > 1.5 * area)
        small &= np.bincount(part, weights=firm)[part] == 0
        if not small.any():
            return guess
        actor, chance, source = guess.actor.copy(), guess.probability.copy(), guess.source.copy()
        for number in np.unique(part[small]).tolist():
            inside = part == number
            rim = np.concatenate(
                [pairs[inside[pairs[:, 0]] & ~inside[pairs[:, 1]], 1], pairs[inside[pairs[:, 1]] & ~inside[pairs[:, 0]], 0]]
            )
            around = np.unique(camp[rim])
            if len(around) == 1 and around[0] >= 0:
                nearest = rim[cKDTree(self._cells.xy[rim]).query(self._cells.xy[inside])[1]]
                actor[inside], chance[inside] = held[nearest], 0.6
                source[inside] = np.where(source[nearest] >= 0, source[nearest], nearest)
        return Guess(actor=actor, probability=chance, source=source)

    def _spread(self, target: Floats, weight: Floats, start: Floats | None) -> Floats:
        """Solve (Laplacian + weight) score = weight * target for each actor.

        Neighbours are averaged over and over, with Chebyshev's acceleration (Golub and Varga 1961), whose
        number of rounds is known beforehand; the answer without any report is a good start, and the same on every date.
        """
        used = np.flatnonzero(target.any(axis=0))
        full = bool(len(used)) and bool((np.abs(target.sum(axis=1) - 1.0) < 1e-9).all())
        solved = used[:-1] if full else used  # where all land is somebody's, the scores of all add up to one
        out = np.zeros_like(target)
        out[:, solved] = self._iterate(target[:, solved], weight, target[:, solved] if start is None else start[:, solved], start is None)
        if full:
            out[:, used[-1]] = 1.0 - out[:, solved].sum(axis=1)
        return np.clip(out, 0.0, 1.0)

    def _iterate(self, target: Floats, weight: Floats, start: Floats, cold: bool) -> Floats:  # noqa: FBT001  # one of two tolerances
        total = self._degree + weight
        step = sparse.diags(1.0 / total) @ self._weights
        fixed = (weight / total)[:, None] * target
        radius = float((self._degree / total).max(initial=0.5))
        pace = (1.0 - np.sqrt(1.0 - radius**2)) / radius
        before, score, omega = start, step @ start + fixed, 1.0
        for number in range(1, int(np.ceil(np.log(TOLERANCE if cold else TOLERANCE_WARM) / np.log(pace)))):
            omega = 1.0 / (1.0 - radius**2 / 2.0) if number == 1 else 1.0 / (1.0 - radius**2 * omega / 4.0)
            before, score = score, before + omega * (step @ score + fixed - before)
            if number % 4 == 3 and float(np.abs(score - before).max(initial=0.0)) < SETTLED:
                break
        return np.asarray(score)


def probability(score: Floats) -> Floats:
    """Turn scores into shares that add up to one: what no actor has is shared by all.

    Examples
    --------
    >>> probability(np.array([[0.6, 0.2]])).round(2).tolist()
    [[0.7, 0.3]]
    """
    rest = np.clip(1.0 - score.sum(axis=1, keepdims=True), 0.0, 1.0)
    shared = score + rest / max(1, score.shape[1])
    total = shared.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(shared, total, out=np.full_like(shared, 1.0 / max(1, score.shape[1])), where=total > 0))


def sharpen(share: Floats) -> Floats:
    """Multiply the log odds of shares by ``SHARPEN``, which makes them probabilities.

    Examples
    --------
    >>> sharpen(np.array([[0.7, 0.3]])).round(2).tolist()
    [[0.82, 0.18]]
    """
    power = share**SHARPEN
    return np.asarray(power / power.sum(axis=1, keepdims=True))


def _border_weights(cells: Cells) -> sparse.csr_matrix:
    weight = np.clip(cells.border_m / np.maximum(cells.gap_m, 1.0), *WEIGHT_RANGE)
    i, j = cells.pairs[:, 0], cells.pairs[:, 1]
    part = np.array([p is not None and p.kind in PARTS for p in cells.places], dtype=bool)
    weight[part[i] | part[j]] = PART_WEIGHT
    both = (np.concatenate([i, j]), np.concatenate([j, i]))
    return sparse.coo_matrix((np.concatenate([weight, weight]), both), shape=(len(cells), len(cells))).tocsr()
