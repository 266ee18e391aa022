"""Keeps the search index in step with what is saved below."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save

from tansiq.core.search import take_out
from tansiq.home.searchables import BY_KIND, Searchable, index_one, is_put_off


def _saved(searchable: Searchable, instance: Any, **_more: Any) -> None:
    if not is_put_off():
        transaction.on_commit(partial(index_one, searchable, instance.pk))


def _deleted(searchable: Searchable, instance: Any, **_more: Any) -> None:
    take_out(searchable.kind, [instance.pk])


for _kind, _searchable in BY_KIND.items():
    _model = _searchable.model
    post_save.connect(
        partial(_saved, _searchable), sender=_model, weak=False, dispatch_uid=f"put {_kind}"
    )
    post_delete.connect(
        partial(_deleted, _searchable), sender=_model, weak=False, dispatch_uid=f"out {_kind}"
    )
