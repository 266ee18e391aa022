"""Plans: what a country means to do, carried down to its places, reported back up, rolled up.

A national plan is drafted, adopted, and carried down in one step; each place adopts, adapts or
refuses an objective with a reason, reports for each period, and gets a receipt and an answer.
Knows `access` and `core`.
"""
