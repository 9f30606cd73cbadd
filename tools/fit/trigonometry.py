"""Fits the polynomials of assembly/trigonometry.ts and of the logarithm in assembly/philox.ts, and prints them.

Each polynomial is the minimax fit (Remez) of the function's relative error, in z = r^2 or s^2, with 60 digits. Needs
mpmath.

    python tools/fit/trigonometry.py
"""

import mpmath as mp

mp.mp.dps = 60


def remez(function, weight, terms, low, high, rounds=12):
    """The polynomial p of `terms` terms with the least max |weight (p - function)|: its coefficients, lowest first, and
    that maximum."""
    low, high = mp.mpf(low), mp.mpf(high)
    angles = [mp.pi * (i + mp.mpf(1) / 2) / (terms + 1) for i in range(terms + 1)]
    points = [(low + high) / 2 - (high - low) / 2 * mp.cos(angle) for angle in angles]
    for _ in range(rounds):
        system = mp.matrix(terms + 1, terms + 1)
        values = mp.matrix(terms + 1, 1)
        for row, z in enumerate(points):
            for column in range(terms):
                system[row, column] = z**column
            system[row, terms] = (-1) ** row / weight(z)
            values[row] = function(z)
        solution = mp.lu_solve(system, values)
        coefficients = [solution[i] for i in range(terms)]

        def error(z):
            return weight(z) * (mp.polyval(coefficients[::-1], z) - function(z))

        grid = [low + (high - low) * (1 - mp.cos(mp.pi * i / 600)) / 2 for i in range(601)]
        errors = [error(z) for z in grid]
        # The largest error between two changes of sign is the next point of the alternation.
        extremes, start = [], 0
        for i in range(1, len(grid) + 1):
            if i == len(grid) or mp.sign(errors[i]) != mp.sign(errors[start]):
                extremes.append(max(range(start, i), key=lambda k: abs(errors[k])))
                start = i
        if len(extremes) < terms + 1:
            break
        while len(extremes) > terms + 1:
            extremes.pop(0 if abs(errors[extremes[0]]) < abs(errors[extremes[-1]]) else -1)
        points = [grid[i] for i in extremes]
    return coefficients, max(abs(e) for e in errors)


def tiny(z):
    """Off the removable singularity at zero."""
    return z if z > mp.mpf(10) ** -20 else mp.mpf(10) ** -20


def sin_rest(z):
    """(sin(r) / r - 1) / z"""
    r = mp.sqrt(tiny(z))
    return (mp.sin(r) / r - 1) / r**2


def cos_rest(z):
    """(cos(r) - 1 + z / 2) / z^2"""
    return (mp.cos(mp.sqrt(tiny(z))) - 1 + tiny(z) / 2) / tiny(z) ** 2


def log_rest(z):
    """(log((1 + s) / (1 - s)) / s - 2) / z"""
    s = mp.sqrt(tiny(z))
    return (mp.log((1 + s) / (1 - s)) / s - 2) / s**2


def show(name, coefficients, first, step, error):
    print(f"{name}: largest relative error 2^{mp.nstr(mp.log(error, 2), 4)}")
    for i, coefficient in enumerate(coefficients):
        print(f"  {name}_{first + step * i} = {float(coefficient)!r}")


quarter = (mp.pi / 4 * (1 + mp.mpf(2) ** -20)) ** 2
sin_weight = lambda z: tiny(z) / (mp.sin(mp.sqrt(tiny(z))) / mp.sqrt(tiny(z)))
cos_weight = lambda z: tiny(z) ** 2 / mp.cos(mp.sqrt(tiny(z)))
show("SIN", *(lambda c, e: (c, 3, 2, e))(*remez(sin_rest, sin_weight, 6, 0, quarter)))
show("COS", *(lambda c, e: (c, 4, 2, e))(*remez(cos_rest, cos_weight, 6, 0, quarter)))
largest = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2
show("LOG", *(lambda c, e: (c, 3, 2, e))(*remez(log_rest, lambda z: tiny(z) / 2, 6, 0, largest)))


def part(value, bits):
    """The leading bits of a positive value."""
    scale = mp.mpf(2) ** (bits - 1 - int(mp.floor(mp.log(value, 2))))
    return mp.floor(value * scale) / scale


rest = mp.pi / 2
for name in ["HIGH", "MIDDLE"]:
    leading = part(rest, 36)
    print(f"  HALF_PI_{name} = {float(leading)!r}")
    rest -= leading
print(f"  HALF_PI_LOW = {float(rest)!r}")
print(f"  TWO_OVER_PI = {float(2 / mp.pi)!r}, TURN = {float(mp.pi / 2**31)!r} LN2 = {float(mp.log(2))!r}")
