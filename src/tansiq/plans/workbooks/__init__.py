"""Plans as workbooks: given out filled, filled in offline, compared and taken back cell by cell.

`kinds` says what a sheet is, the `*_sheet(s)` modules hold one kind each, `making` writes,
`reading` finds what was changed in a file, `comparing` sets it against what stands now, and
`checking` turns it into steps through the same forms as the pages. `actions.workbooks` takes them.
"""
