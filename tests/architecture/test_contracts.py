"""Who imports whom; and for each contract a planted fault that it, and it alone, must catch."""

from copy import deepcopy

import grimp
import pytest
from django.apps import apps
from importlinter.application.use_cases import read_user_options
from importlinter.configuration import configure
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract

from tests.architecture.source import PLATFORM, ROOT, project, tiers

KINDS = {
    "forbidden": ForbiddenContract,
    "layers": LayersContract,
    "protected": ProtectedContract,
}


configure()
CONTRACTS = read_user_options(str(ROOT / "pyproject.toml"))


@pytest.fixture(scope="module")
def graph():
    options = project()["tool"]["importlinter"]
    return grimp.build_graph(
        *options["root_packages"],
        include_external_packages=options["include_external_packages"],
        exclude_type_checking_imports=options["exclude_type_checking_imports"],
        cache_dir=None,
    )


def broken(graph):
    """Return the ids of the contracts that these imports break."""
    return [
        options["id"]
        for options in CONTRACTS.contracts_options
        if not KINDS[options["type"]](options["name"], CONTRACTS.session_options, options)
        .check(deepcopy(graph), verbose=False)
        .kept
    ]


def with_import(graph, importer, imported):
    """Return the graph as if this module existed and held this import."""
    planted = deepcopy(graph)
    for module in (importer, imported):
        if module not in planted.modules:
            planted.add_module(module, is_squashed=module == "django")
    planted.add_import(importer=importer, imported=imported)
    return planted


def test_import_contracts_are_kept(graph):
    assert broken(graph) == []


@pytest.mark.parametrize(
    ("importer", "imported", "contract"),
    [
        ("chorus.steps", "django", "pure-chorus"),
        ("chorus.steps", "tansiq.core.env", "pure-chorus"),
        ("tansiq.plans.actions", "tansiq.home.context", "tiers"),
        ("tansiq.access.queries", "tansiq.plans.models", "tiers"),
        ("tansiq.core.apps", "tansiq.access.actor", "tiers"),
        ("tansiq.plans.models", "tansiq.plans.actions", "inside-a-part"),
        ("tansiq.plans.queries", "tansiq.plans.forms", "inside-a-part"),
        ("tansiq.plans.querysets", "tansiq.plans.rules", "inside-a-part"),
        ("tansiq.home.context", "tansiq.plans.views", "private-edge"),
        ("tansiq.plans.forms", "tansiq.settings", "settings"),
        ("tansiq.core.env", "tansiq.settings", "settings"),
    ],
)
def test_import_contract_catches_a_planted_fault(graph, importer, imported, contract):
    assert broken(with_import(graph, importer, imported)) == [contract]


def test_tiers_contract_catches_a_part_that_nobody_gave_a_tier(graph):
    planted = deepcopy(graph)
    planted.add_module("tansiq.weather")

    assert broken(planted) == ["tiers"]


def test_every_part_has_a_tier_and_every_tier_a_part():
    assert {path.parent.name for path in PLATFORM.glob("*/apps.py")} == set(tiers())


def upward_relations(models, heights):
    """Return the database relations that lead from a lower part to a higher one."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in models
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model and not field.auto_created
        if field.related_model._meta.app_label in heights
        if heights[field.related_model._meta.app_label] > heights[model._meta.app_label]
    ]


def our_models():
    return [model for model in apps.get_models() if model._meta.app_label in tiers()]


def test_database_relations_point_downward():
    assert upward_relations(our_models(), tiers()) == []


def test_relation_rule_catches_an_upward_one():
    turned = tiers() | {"access": 9}

    assert "plans.Plan.owner" in upward_relations(our_models(), turned)
