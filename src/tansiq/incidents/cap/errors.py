"""What is wrong with an alert, said so that the person who made it can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong; `where` is the path of the element, `info[2]/area[1]/polygon`."""

    where: str
    sentence: str

    def __str__(self) -> str:
        if not self.where:
            return self.sentence
        return _("%(where)s: %(sentence)s") % {"where": self.where, "sentence": self.sentence}


class CapError(ValueError):
    """The alert can neither be written nor taken in; `faults` says why."""

    def __init__(self, faults: Iterable[Fault] | str) -> None:
        self.faults = (Fault("", faults),) if isinstance(faults, str) else tuple(faults)
        super().__init__(" ".join(str(fault) for fault in self.faults[:5]))
