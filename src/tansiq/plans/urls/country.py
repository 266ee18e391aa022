"""How the address of a plan begins, such as /id/plans/ran-pe-2020/."""

from django.urls import register_converter


class CountryCode:
    """Two small letters, such as "id"."""

    regex = "[a-z]{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CountryCode, "country")

PLAN = "<country:country>/plans/<slug:slug>/"
