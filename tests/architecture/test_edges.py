"""What the edges may do: read only what is visible, ask the gate, leave the rest to actions."""

import ast

import pytest

from tests.architecture.source import EDGES, faults, modules_named

# Names by which code talks to the database past the queryset, and so past the gate.
RAW = {"RawSQL", "raw", "extra", "cursor", "connection", "connections"}
ASKING = {"fetch", "fetch_known", "can", "visible_to", "known_to", "open_to_all"}
BELOW_THE_EDGES = ("models", "querysets", "rules", "queries", "actions", "receivers")


def unguarded_reads(code):
    """Return the lines that reach `.objects` without going through the gate's querysets."""
    tree = ast.parse(code)
    guarded = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"visible_to", "known_to"}
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        if node.attr in {"objects", "_default_manager", "_base_manager"} and node not in guarded
    ]


def raw_queries(code):
    """Return the lines that name a way to the database past the querysets."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute) and node.attr in RAW:
            found.append(node.lineno)
        elif isinstance(node, ast.ImportFrom):
            found += [node.lineno for alias in node.names if alias.name in RAW]
    return found


def views_that_ask_nothing(code):
    """Return the public functions that neither ask the gate nor say why they need not.

    A view may ask through private helpers of the same file.
    """
    functions = {
        node.name: names_in(node)
        for node in ast.parse(code).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    asking = {name for name, names in functions.items() if names & ASKING}
    while more := {name for name, names in functions.items() if names & asking} - asking:
        asking |= more
    return sorted(name for name in functions if not name.startswith("_") and name not in asking)


def names_in(function):
    names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}


def clock_readings(code):
    """Return the lines that ask what time it is; below the edges the moment comes in as `at`."""
    clocks = {"django.utils.timezone": {"now", "localdate", "localtime"}, "time": {"time"}}
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            found += [node.lineno] if names & clocks.get(node.module or "", set()) else []
        elif isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}:
            found.append(node.lineno)
    return found


def jobs_that_nobody_runs(code):
    """Return the public functions of a tasks file that no decorator hands to the queue."""
    functions = [node for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)]
    return [
        node.name for node in functions if not node.name.startswith("_") and not node.decorator_list
    ]


def test_every_job_is_run_by_somebody():
    assert faults(jobs_that_nobody_runs, modules_named("tasks")) == {}


def test_a_planted_job_without_a_clock_is_found():
    code = "@every(days=1)\ndef run(at): ...\n\ndef forgotten(at): ...\n\ndef _help(): ...\n"

    assert jobs_that_nobody_runs(code) == ["forgotten"]


def edges():
    return modules_named(*EDGES)


def test_edges_read_only_what_is_visible():
    assert edges()
    assert faults(unguarded_reads, edges()) == {}


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("x = Plan.objects.filter(pk=1)", [1]),
        ("x = Plan.objects.all().visible_to(actor)", [1]),
        ("x = Plan._base_manager.get(pk=1)", [1]),
        ("x = Plan.objects.visible_to(actor).filter(pk=1)", []),
    ],
)
def test_read_rule_catches_what_goes_past_the_gate(code, lines):
    assert unguarded_reads(code) == lines


def test_edges_write_no_sql():
    assert faults(raw_queries, edges()) == {}


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("from django.db import connection", [1]),
        ("from django.db.models.expressions import RawSQL", [1]),
        ("x = Plan.objects.visible_to(actor).raw('SELECT 1')", [1]),
        ("x = Plan.objects.visible_to(actor).extra(where=['1=1'])", [1]),
        ("from django.db import transaction", []),
    ],
)
def test_sql_rule_catches_it(code, lines):
    assert raw_queries(code) == lines


def test_every_view_asks_the_gate_or_says_why_not():
    files = modules_named("views", "api")
    assert files
    assert faults(views_that_ask_nothing, files) == {}


@pytest.mark.parametrize(
    ("code", "silent"),
    [
        ("def show(request): return 1", ["show"]),
        ("async def stream(request): return 1", ["stream"]),
        ("def show(request): return fetch(request.actor)", []),
        ("@open_to_all('why')\ndef show(request): return 1", []),
        ("def show(request): return _page(request)\ndef _page(request): return can(1)", []),
        ("def show(request): return _page(request)\ndef _page(request): return 1", ["show"]),
    ],
)
def test_view_rule_catches_a_silent_view(code, silent):
    assert views_that_ask_nothing(code) == silent


def test_nobody_below_the_edges_reads_the_clock():
    files = modules_named(*BELOW_THE_EDGES)
    assert files
    assert faults(clock_readings, files) == {}


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("from django.utils.timezone import now", [1]),
        ("day = dt.date.today()", [1]),
        ("moment = timezone.now()", [1]),
        ("from time import time", [1]),
        ("from django.utils.timezone import make_aware", []),
    ],
)
def test_clock_rule_catches_a_reading(code, lines):
    assert clock_readings(code) == lines
