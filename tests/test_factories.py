"""Factories stand in files by part, and are imported from one place."""

import ast
from collections import Counter

from tests import factories
from tests.databases import ROOT


def names_defined(code):
    """Return the factories that a file defines."""
    return [node.name for node in ast.parse(code).body if isinstance(node, ast.ClassDef)]


def test_every_factory_has_a_name_of_its_own_and_is_found():
    files = sorted((ROOT / "tests" / "factories").glob("[!_]*.py"))

    names = [name for file in files for name in names_defined(file.read_text())]

    assert "ReceiptFactory" in names
    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert [name for name in names if not hasattr(factories, name)] == []
