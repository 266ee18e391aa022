"""What a run came to, in words: what was read, what was left out and why, where the report lies."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from chorus.engine import READING, Run
from chorus.ledger import Ledger


def sentences(run: Run, names: Iterable[str], *, has_stopped: bool) -> list[str]:
    """Return what a person wants to know of a run, a sentence each."""
    ledger = run.state.ledger
    said = [f"Read {', '.join(names)} as {'; '.join(run.inputs.formats)}."]
    said += run.inputs.remarks
    if run.trouble:
        said.append(f"Reading ended early: {run.trouble}")
    elif has_stopped:
        said.append("Stopped before the end; what was read until then is counted.")
    said.append(f"{ledger.read:,} posts and lines were read, {ledger.kept:,} posts are counted.")
    said += left_out(ledger, {**run.marks.lines, **run.pending_lines})
    return said


def left_out(ledger: Ledger, lines: Mapping[str, list[int]]) -> list[str]:
    """Return why posts are not counted, with the first lines where they have one."""
    said = []
    for (step, reason), posts in sorted(ledger.dropped.items(), key=lambda row: (-row[1], row[0])):
        where = lines.get(reason, []) if step == READING else []
        said.append(f"Left out: {posts:,} {reason}{_where(where, posts)}.")
    return said


def stats(run: Run, *, seconds: float, processor: float) -> dict[str, Any]:
    """Return what a run cost, as plain data; `processor` seconds count what all cores did."""
    read = run.state.ledger.read
    return {
        "posts": read,
        "kept": run.state.ledger.kept,
        "batches": run.batches,
        "seconds": round(seconds, 3),
        "processor_seconds": round(processor, 3),
        "posts_per_s": round(read / seconds) if seconds else None,
        "stage_seconds": {stage: round(spent, 3) for stage, spent in run.stages.seconds.items()},
        "stage_shares": run.stages.shares(),
    }


def whereabouts(folder: Path) -> str:
    """Return where a report lies."""
    return f"The report is in {folder}."


def _where(lines: list[int], posts: int) -> str:
    if not lines:
        return ""
    shown = ", ".join(str(line) for line in sorted(lines))
    word = "line" if len(lines) == 1 else "lines"
    return f" ({word} {shown}{' …' if posts > len(lines) else ''})"
