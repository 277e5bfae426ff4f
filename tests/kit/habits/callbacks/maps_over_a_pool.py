"""Has a pool of processes compute something when it is imported."""

import multiprocessing

with multiprocessing.Pool(2) as pool:
    SQUARES = pool.map(abs, range(-5, 5))
assert SQUARES[0] == 5
