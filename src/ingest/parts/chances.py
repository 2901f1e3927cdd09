"""How likely a count is by chance, without a library for statistics."""

from __future__ import annotations

import math
from collections.abc import Sequence

_PRECISION = 1e-15
_MOST_STEPS = 10_000
_TINY = 1e-300


def chi_squared(counts: Sequence[int]) -> float:
    """Pearson's statistic of counts against all being equally likely; they are not all zero.

    >>> chi_squared([10, 20, 30])
    10.0
    """
    expected = sum(counts) / len(counts)
    return sum((count - expected) ** 2 for count in counts) / expected


def chi_squared_p(statistic: float, degrees: int) -> float:
    """The probability of a statistic at least as large, if chance alone decides.

    >>> round(chi_squared_p(3.841459, 1), 6), round(chi_squared_p(18.307038, 10), 6)
    (0.05, 0.05)
    """
    return upper_gamma(degrees / 2, statistic / 2)


def upper_gamma(a: float, x: float) -> float:
    """The regularised upper incomplete gamma function Q(a, x), for a > 0.

    Source: NIST Digital Library of Mathematical Functions, 8.7.3 (series) and 8.9.2 (continued fraction).
    """
    if x <= 0:
        return 1.0
    scale = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        return min(max(1.0 - scale * _series(a, x), 0.0), 1.0)
    return min(scale * _continued_fraction(a, x), 1.0)


def _series(a: float, x: float) -> float:
    term = total = 1 / a
    for step in range(1, _MOST_STEPS):
        term *= x / (a + step)
        total += term
        if term < total * _PRECISION:
            break
    return total


def _continued_fraction(a: float, x: float) -> float:
    """By the modified method of Lentz."""
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / b
    value = d
    for step in range(1, _MOST_STEPS):
        numerator = -step * (step - a)
        b += 2
        d = 1 / _away_from_zero(numerator * d + b)
        c = _away_from_zero(b + numerator / c)
        value *= c * d
        if abs(c * d - 1) < _PRECISION:
            break
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
