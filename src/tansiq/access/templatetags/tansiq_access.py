"""What the fragments of sharing need to know of a thing."""

from django import template

from tansiq.access.models import Shared

register = template.Library()


@register.filter
def kind_word(thing: Shared) -> str:
    """Give the word that stands for this kind of thing in addresses."""
    return thing._meta.model_name or ""
