"""Helpers of the tests of reading: files made of text, posts read back."""

import json

import polars as pl

from chorus.reading import open_stream
from chorus.reading.rows import RAW_BATCH


def written(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def lines_of(*records):
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def all_of(stream, start=None):
    """Return all posts of a stream as one frame."""
    batches = stream.batches() if start is None else stream.batches(start)
    frames = [batch for batch, _ in batches]
    return pl.concat([RAW_BATCH.to_frame(), *frames])


def read(path, **options):
    """Return all posts of a file and the stream they came from."""
    stream = open_stream(path, **options)
    return all_of(stream), stream


def flat(number, text="Stay safe", **more):
    """Return a post of X's second interface."""
    return {
        "id": str(number),
        "created_at": "2026-05-13T00:30:00.000Z",
        "author_id": f"{number}0",
        "text": text,
        "lang": "en",
    } | more
