"""Fits the polynomials of assembly/elementary.ts and compares them with the literals in assembly/constants.ts.

    pip install mpmath==1.3.0
    python tools/fit/fit.py

Every fit is a minimax polynomial by the second algorithm of Remez, in 200-bit arithmetic, of the error relative to the
function that is computed with it. Coefficients are rounded to float32 from the lowest power up, and the rest is fitted
again after each: the later ones absorb the rounding of the earlier ones. The program exits with 1 when constants.ts
says something else.
"""

import re
import sys
from pathlib import Path

import mpmath as mp
from mpmath import mpf

mp.mp.prec = 200
GRID = 2000


def float32(x):
    mantissa, exponent = mp.frexp(x)
    return mp.ldexp(mp.nint(mp.ldexp(mantissa, 24)), int(exponent) - 24)


def points(a, b):
    return [a + (b - a) * i / GRID for i in range(GRID + 1)]


def remez(target, weight, powers, a, b):
    """Coefficients of x^powers with the least maximum of |weight * (target - polynomial)| on [a, b]."""
    n = len(powers)
    reference = [(a + b) / 2 - (b - a) / 2 * mp.cos(mp.pi * i / n) for i in range(n + 1)]
    samples = [(x, weight(x), target(x)) for x in points(a, b)]
    for _ in range(12):
        system, right = mp.matrix(n + 1, n + 1), mp.matrix(n + 1, 1)
        for row, x in enumerate(reference):
            for column, power in enumerate(powers):
                system[row, column] = x**power
            system[row, n] = (-1) ** row / weight(x)
            right[row] = target(x)
        coefficients = list(mp.lu_solve(system, right))[:n]
        errors = [w * (t - sum(c * x**p for c, p in zip(coefficients, powers))) for x, w, t in samples]
        extrema = []  # one index for each run of equal sign
        for i, error in enumerate(errors):
            if extrema and (errors[extrema[-1]] > 0) == (error > 0):
                if abs(error) > abs(errors[extrema[-1]]):
                    extrema[-1] = i
            else:
                extrema.append(i)
        while len(extrema) > n + 1:
            extrema.pop(0 if abs(errors[extrema[0]]) < abs(errors[extrema[-1]]) else -1)
        if len(extrema) < n + 1:
            break
        reference = [samples[i][0] for i in extrema]
    return coefficients


def fit(target, weight, degree, a, b):
    """The float32 coefficients, lowest power first, and the largest weighted error that is left."""
    rest, rounded, powers = target, [], list(range(degree + 1))
    while powers:
        c, power = float32(remez(rest, weight, powers, a, b)[0]), powers.pop(0)
        rounded.append(c)
        rest = lambda x, previous=rest, c=c, power=power: previous(x) - c * x**power  # noqa: E731
    return rounded, max(abs(weight(x) * rest(x)) for x in points(a, b))


def away_from_zero(x):
    """The quotients below are 0/0 at 0."""
    return x if abs(x) > mpf("1e-12") else mpf("1e-12")


def exponential():
    # exp(r) = 1 + r + r² P(r)
    half = mp.ln(2) / 2 * mpf("1.0001")

    def target(r):
        r = away_from_zero(r)
        return (mp.expm1(r) - r) / r**2

    return fit(target, lambda r: away_from_zero(r) ** 2 / mp.exp(r), 4, -half, half)


def logarithm():
    # log(1 + f) = 2 s + s z P(z), s = f / (2 + f), z = s²
    largest = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mpf("1.0001")

    def quotient(z):
        s = mp.sqrt(z)
        return 2 * mp.atanh(s) / s

    def target(z):
        z = away_from_zero(z)
        return (quotient(z) - 2) / z

    def weight(z):
        z = away_from_zero(z)
        return z / quotient(z)

    return fit(target, weight, 2, mpf(0), largest)


def hyperbolic_tangent(limit):
    # tanh(x) = x + x z P(z), z = x²
    def quotient(z):
        x = mp.sqrt(z)
        return mp.tanh(x) / x

    def target(z):
        z = away_from_zero(z)
        return (quotient(z) - 1) / z

    def weight(z):
        z = away_from_zero(z)
        return z / quotient(z)

    return fit(target, weight, 4, mpf(0), limit**2)


def main():
    source = (Path(__file__).parents[2] / "assembly" / "constants.ts").read_text()
    written = {name: mpf(value) for name, value in re.findall(r"put\((\w+), (-?[\d.e-]+)\)", source)}
    fitted = {"LOG2_E": float32(1 / mp.ln(2)), "LN2": float32(mp.ln(2))}
    # 16 bits, so that the product with an exponent is exact.
    fitted["LN2_HIGH"] = mp.ldexp(mp.nint(mp.ldexp(mp.ln(2), 16)), -16)
    fitted["LN2_LOW"] = float32(mp.ln(2) - fitted["LN2_HIGH"])
    for prefix, first, (coefficients, error) in (
        ("EXP", 2, exponential()),
        ("LOG", 1, logarithm()),
        ("TANH", 3, hyperbolic_tangent(float32(written["TANH_LIMIT"]))),
    ):
        print(f"{prefix}: relative error of the polynomial 2^{mp.nstr(mp.log(error, 2), 4)}")
        step = 2 if prefix == "TANH" else 1
        fitted |= {f"{prefix}_{first + step * i}": c for i, c in enumerate(coefficients)}
    differences = 0
    for name, value in fitted.items():
        same = name in written and float32(written[name]) == value
        differences += not same
        print(f"put({name}, {mp.nstr(value, 10)});" + ("" if same else "   <- differs from constants.ts"))
    return 1 if differences else 0


sys.exit(main())
