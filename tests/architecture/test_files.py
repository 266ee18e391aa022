"""What every file must keep: its size, its reasons, its independence, nobody's address."""

import ast
import re

import pytest

from tests.architecture.source import (
    PLATFORM,
    ROOT,
    contracts,
    faults,
    ours,
    project,
    read,
    short,
    tiers,
    tracked,
)

# A file that passes these becomes a package of the same name. The one stylesheet that every
# page shares may be longer than the others; it is read from top to bottom.
MOST_LINES = {".py": 400, ".html": 400, ".js": 250, ".css": 800}


def imports_of_ours(code):
    """Return what a migration imports from the platform; it must stand on its own."""
    names = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return [name for name in names if name.partition(".")[0] in {"tansiq", "chorus"}]


def test_migrations_stand_on_their_own():
    files = list(PLATFORM.glob("*/migrations/0*.py"))
    assert files
    assert faults(imports_of_ours, files) == {}


def test_migration_rule_catches_an_import():
    assert imports_of_ours("import tansiq.access.actor") == ["tansiq.access.actor"]
    assert imports_of_ours("from tansiq.access import actor") == ["tansiq.access"]
    assert imports_of_ours("from django.db import models") == []


@pytest.mark.parametrize("part", sorted(tiers()))
def test_every_part_says_what_it_is_for(part):
    tree = ast.parse(read(PLATFORM / part / "__init__.py"))

    assert ast.get_docstring(tree)
    assert len(tree.body) == 1, "The docstring stands alone; code has other homes."


def bare_exemptions(text):
    """Return the lines that silence a tool without saying why."""
    silenced = re.compile(r"(#\s*(noqa|type:\s*ignore|pragma)|djlint:\s*off|eslint-disable)\b")
    return [
        number
        for number, line in enumerate(text.splitlines(), start=1)
        if silenced.search(line) and not re.search(r" -- \w", line)
    ]


def test_every_exemption_says_why():
    # This file plants some.
    files = [file for file in ours(".py", ".html", ".js") if file.name != "test_files.py"]

    assert faults(bare_exemptions, files) == {}


def test_exemption_rule_catches_a_bare_one():
    assert bare_exemptions("import os  # noqa: F401") == [1]
    assert bare_exemptions("x = y  # type: ignore[misc]") == [1]
    assert bare_exemptions("{# djlint:off #}") == [1]
    assert bare_exemptions("import os  # noqa: F401 -- needed by the shell") == []
    assert bare_exemptions("x = y  # type: ignore[misc]  # -- the library has no types") == []


def exempted_contracts(all_contracts):
    """Return the import contracts that look away somewhere."""
    return [contract["id"] for contract in all_contracts if contract.get("ignore_imports")]


def test_no_contract_looks_away():
    assert exempted_contracts(contracts()) == []


def test_contract_rule_catches_one_that_does():
    assert exempted_contracts([{"id": "tiers", "ignore_imports": ["a -> b"]}]) == ["tiers"]


def too_long(sizes):
    """Return the files with more lines than their kind may have."""
    return [name for name, suffix, lines in sizes if lines > MOST_LINES[suffix]]


def test_no_file_is_too_long():
    folders = ("src", "tools", "benchmarks")
    files = [
        file
        for file in ours(*MOST_LINES)
        if file.relative_to(ROOT).parts[0] in folders and "migrations" not in file.parts
    ]
    sizes = [(short(file), file.suffix, len(read(file).splitlines())) for file in files]

    assert too_long(sizes) == []


def test_length_rule_catches_a_long_file():
    assert too_long([("a.py", ".py", 400), ("b.py", ".py", 401)]) == ["b.py"]


def registry_hosts(text):
    """Return the addresses of package registries and mirrors; installers bring their own."""
    hosts = r"(pypi|pythonhosted|npmjs|unpkg|jsdelivr|cdnjs)\.(org|com|net)|(deb|security)\.debian"
    address = re.compile(rf"[\w.-]*({hosts})[\w./-]*|file:///\S+")
    return [match.group() for match in address.finditer(text)]


def test_no_file_names_a_registry():
    text = [file for file in tracked() if file.name != "test_files.py" and is_text(file)]

    assert faults(registry_hosts, text) == {}


def is_text(file):
    return b"\0" not in file.read_bytes()[:1024]


def test_registry_rule_catches_an_address():
    assert registry_hosts("from https://files.pythonhosted.org/x") == ["files.pythonhosted.org/x"]
    assert registry_hosts("--find-links file:///opt/wheels") == ["file:///opt/wheels"]
    assert registry_hosts("click==8.5.1 --hash=sha256:00") == []


def not_locked(dependencies, lock):
    """Return the dependencies, but for ourselves, whose name has no line in the lock file."""
    locked = {line.partition("==")[0] for line in lock.splitlines() if "==" in line}
    names = [re.split(r"[\[~=<>; ]", dependency)[0].lower() for dependency in dependencies]
    return [name for name in names if name not in {*locked, "tansiq"}]


def test_lock_files_hold_every_dependency_with_its_hashes():
    about = project()["project"]
    runtime, dev = read(ROOT / "requirements.lock"), read(ROOT / "requirements-dev.lock")
    spark = read(ROOT / "requirements-spark.lock")

    assert not_locked(about["dependencies"], runtime) == []
    assert not_locked(about["optional-dependencies"]["dev"], dev) == []
    for extra in ("chorus", "train"):
        assert not_locked(about["optional-dependencies"][extra], dev) == []
    assert not_locked(about["optional-dependencies"]["spark"], spark) == []
    assert set(pins(runtime)) <= set(pins(dev))
    for lock in (runtime, dev, spark):
        assert all("--hash=sha256:" in block for block in lock.split("\n\n"))
        assert len(pins(lock)) == len(re.findall(r"^\S+==.*\\\n    --hash", lock, re.MULTILINE))


def pins(lock):
    return re.findall(r"^\S+==\S+", lock, re.MULTILINE)


def test_lock_rule_catches_a_dependency_that_is_missing():
    lock = "django==5.2.19 \\\n    --hash=sha256:00"

    assert not_locked(["django[argon2]~=5.2", "babel~=2.18"], lock) == ["babel"]


def test_an_old_python_can_read_what_makes_the_environment_and_be_told_so():
    ast.parse(read(ROOT / "tools" / "venv.py"), feature_version=(3, 6))
