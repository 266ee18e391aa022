"""What two platforms hand each other, as plain functions on plain data: no database, no clock.

`keys` says who is who, `canonical` writes JSON in one way only, `records` says what a bundle may
tell, `bundles` seals and opens, `calls` signs requests, `parts` keeps what has arrived so far.
"""
