"""The report of the nation: one that is final, and one that is being written, in each country."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

from tansiq.home.demo.content import FICTIONAL, Words, marked, read_content
from tansiq.home.demo.nation import Nation
from tansiq.plans.actions.national import (
    finalise_report,
    start_national_report,
    take_figures,
    write_text,
)
from tansiq.plans.models import NationalReport


@lru_cache(maxsize=1)
def _content() -> dict[str, Any]:
    return read_content("papers").raw


class Papers:
    """What the national body writes about its last two periods that are over."""

    def __init__(self, nation: Nation) -> None:
        self.nation, self.story = nation, nation.story
        self.language = nation.content.language

    def plan(self) -> None:
        periods = self.nation.periods()
        if len(periods) > 1:
            self.story.ago(88, lambda at: self._begin(0, at))
            self.story.ago(80, lambda at: self._write(0, "final", at))
            self.story.ago(76, lambda at: self._finish(0, at))
        latest = min(1, len(periods) - 1)
        self.story.ago(21, lambda at: self._begin(latest, at))
        self.story.ago(20, lambda at: self._write(latest, "draft", at))
        # Since then places have reported; some sentences still say the old figures.
        self.story.ago(2, lambda at: self._take_anew(latest, at))

    def _begin(self, position: int, at: datetime) -> None:
        period = self.nation.periods()[position]
        start_national_report(period, by=self.nation.by, at=at)

    def _report(self, position: int) -> NationalReport:
        return NationalReport.objects.select_related("plan", "period").get(
            period=self.nation.periods()[position]
        )

    def _write(self, position: int, state: str, at: datetime) -> None:
        report = self._report(position)
        for section, words in _content()[state].items():
            texts: Words = marked(words, FICTIONAL) if section == "summary" else words
            for language in self._languages(state):
                text = self._filled(texts[language], report)
                write_text(report, section, language, text, revision=0, by=self.nation.by, at=at)

    def _languages(self, state: str) -> list[str]:
        """Return the country's language, and English beside it in what is final."""
        return sorted({self.language, "en"}) if state == "final" else [self.language]

    @staticmethod
    def _filled(text: str, report: NationalReport) -> str:
        """Put the figures of the edition into a sentence, as the writer would."""
        figures = json.loads(report.editions.latest("number").figures)
        counts = {**figures["reporting"], **figures["progress"]["total"]}
        return text.format(**counts)

    def _finish(self, position: int, at: datetime) -> None:
        finalise_report(self._report(position), by=self.nation.by, at=at)

    def _take_anew(self, position: int, at: datetime) -> None:
        take_figures(self._report(position), by=self.nation.by, at=at)
