"""Counting ballots: pure functions on plain data, each with its formula and source.

Inside, a poll's ballots are a *profile*: for each ballot one list of heights, in the order of the
options. A height is a whole number of 0 or more, and higher is better; what it measures beyond the
order is said by the method (`ballots.heights_of`).
"""

Profile = list[list[int]]
