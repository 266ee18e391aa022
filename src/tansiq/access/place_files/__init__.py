"""Reading tables and outlines of places, from the files we ship or from an upload.

Plain functions: bytes in, checked dataclasses and sentences about every fault out. Nothing is
saved here; `access.actions.places` does that. The columns are described in
`access/data/places/SOURCES.md`.
"""
