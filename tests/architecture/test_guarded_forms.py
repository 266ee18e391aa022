"""Every form into which people write freely asks the guard of personal data, but for a few."""

import ast
import inspect
import textwrap
from importlib import import_module
from pkgutil import walk_packages
from typing import Literal

from django import forms
from django.apps import apps
from ninja import Schema

from tansiq.core.guarded_schemas import GuardedSchema
from tansiq.core.guarding import GuardedForm, is_free_text
from tansiq.home.api import api

# Nothing of what is typed here is kept or sent to anybody, or it is a person's own.
UNGUARDED = {
    "tansiq.access.forms.accounts.CodeForm": "a code of one's own device",
    "tansiq.access.forms.accounts.ConfirmCodeForm": "a code of one's own device",
    "tansiq.access.forms.accounts.FirstCodeForm": "a code of one's own device",
    "tansiq.access.forms.people.TokenForm": "what a person calls a key of their own",
    "tansiq.exchange.forms.delivery.RouteForm": "the mailbox or telephone of an office, no text",
}
_MAKERS = {"CharField", "Sentence", "Words", "Line", "_words", "_text"}


def form_modules():
    for part in apps.get_app_configs():
        if part.name.startswith("tansiq."):
            package = import_module(part.name)
            for module in walk_packages(package.__path__, f"{part.name}."):
                if ".forms" in module.name or module.name.endswith(".revised"):
                    yield import_module(module.name)


def forms_of(modules):
    for module in modules:
        for one in vars(module).values():
            is_form = isinstance(one, type) and issubclass(one, forms.BaseForm)
            if is_form and one.__module__ == module.__name__:
                yield one


def is_search(form):
    """Return whether the form only narrows a list: nothing of what is typed is kept."""
    return form.__name__.endswith(("Filter", "SearchForm"))


def takes_free_text(form):
    """Return whether a field of the class, or one that it makes for itself, is free text."""
    named = getattr(form, "not_guarded", {})
    fields = getattr(form, "base_fields", {})
    if any(is_free_text(field) and name not in named for name, field in fields.items()):
        return True
    return makes_fields(textwrap.dedent(inspect.getsource(form)))


def makes_fields(source):
    """Return whether a function of the class makes a field for text."""
    calls = (
        node
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    )
    return any(
        getattr(call.func, "attr", getattr(call.func, "id", "")) in _MAKERS for call in calls
    )


def unguarded(found):
    return {
        f"{one.__module__}.{one.__qualname__}"
        for one in found
        if not issubclass(one, GuardedForm) and not is_search(one) and takes_free_text(one)
    }


def test_every_form_with_free_text_asks_the_guard():
    assert unguarded(forms_of(form_modules())) - set(UNGUARDED) == set()


def test_list_of_forms_without_guard_holds_no_form_that_is_gone():
    assert set(UNGUARDED) <= unguarded(forms_of(form_modules()))


def test_what_a_form_leaves_out_is_a_field_of_it_and_has_a_reason():
    for form in forms_of(form_modules()):
        left_out = getattr(form, "not_guarded", {})
        assert all(len(reason) > 10 for reason in left_out.values()), form
        assert set(left_out) <= set(getattr(form, "base_fields", {})), form


def test_guard_rule_catches_a_form_without_guard():
    class Bare(forms.Form):
        text = forms.CharField(widget=forms.Textarea)

    class Late(forms.Form):
        def __init__(self):
            super().__init__()
            self.fields["text"] = forms.CharField(widget=forms.Textarea)

    class Kind(GuardedForm, forms.Form):
        text = forms.CharField(widget=forms.Textarea)

    class Code(forms.Form):
        code = forms.CharField(max_length=8)
        phone = forms.RegexField(r"\d+", max_length=80)

    here = f"{__name__}.test_guard_rule_catches_a_form_without_guard.<locals>."
    assert unguarded([Bare, Late, Kind, Code]) == {f"{here}Bare", f"{here}Late"}


def schemas_of(api):
    """Return the schemas of what comes in through the API."""
    for router in api._routers:
        for view in router[1].path_operations.values():
            for operation in view.operations:
                for model in operation.models:
                    if model.__ninja_param_source__ == "body":
                        yield from (one.annotation for one in model.model_fields.values())


def takes_words(schema):
    """Return whether a field takes any text of more than a few signs."""
    return any(
        part.get("type") == "string"
        and not {"enum", "const", "format"} & set(part)
        and not part.get("pattern", "").startswith("^(")
        and part.get("maxLength", 1000) > 60
        for name, field in schema.model_json_schema()["properties"].items()
        for part in (field, *field.get("anyOf", ()))
        if name != "override_reason"
    )


def test_every_text_that_programs_write_asks_the_guard():
    bare = {
        one.__name__
        for one in schemas_of(api)
        if not issubclass(one, GuardedSchema) and takes_words(one)
    }

    assert bare == set()


def test_guard_rule_catches_a_schema_without_guard():
    class Bare(Schema):
        text: str

    class Codes(Schema):
        number: int
        state: Literal["sent", "read"]

    assert (takes_words(Bare), takes_words(Codes)) == (True, False)
    assert [one.__name__ for one in schemas_of(api) if takes_words(one)] != []
