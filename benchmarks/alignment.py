"""How often the suggestions for local actions are right, and how quickly they come.

    python -m benchmarks.alignment                the method and two simpler ones, both parts
    python -m benchmarks.alignment missed         what the method gets wrong in the development part

Per local action (a "case") a method shows at most three national objectives.

- precision@3: of all objectives shown over all cases, the share that is right. A method may show
  fewer than three, or none; then there is less to be wrong about.
- hit@3: of the cases that have a right objective, the share in which one was shown.
- quiet: of the cases in which no objective is right, the share in which none was shown.

"same": the national plan is read in the language of the local action. "across": in each of the
five other languages, without any translation at hand.
"""

import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from benchmarks.bench import figure, start

start()

from benchmarks.alignment_cases import LANGUAGES, PARTS, Case, cases, national
from tansiq.core.models import SearchEntry
from tansiq.core.search import Text, find, put
from tansiq.core.words import words_of
from tansiq.plans.matching.scoring import LIKELY, MOST, VERY_LIKELY, Candidates, LocalText

Method = Callable[[Case, str], list[str]]


@dataclass
class Tally:
    cases: int = 0
    answerable: int = 0
    hits: int = 0
    shown: int = 0
    right: int = 0
    quiet: int = 0

    def add(self, case: Case, shown: Iterable[str]) -> None:
        shown = list(shown)[:MOST]
        right = [one for one in shown if one in case.right]
        self.cases += 1
        self.answerable += bool(case.right)
        self.hits += bool(right)
        self.shown += len(shown)
        self.right += len(right)
        self.quiet += not case.right and not shown

    @property
    def precision(self) -> float:
        return self.right / self.shown if self.shown else 0.0

    @property
    def hit(self) -> float:
        return self.hits / self.answerable if self.answerable else 0.0


@cache
def candidates(plan: str, language: str) -> Candidates:
    return Candidates(national(plan, language))


def by_matching(case: Case, language: str) -> list[str]:
    found = candidates(case.plan, language).suggest(LocalText(case.text, case.language))
    return [one.objective for one in found]


def by_words(case: Case, language: str) -> list[str]:
    """Order objectives by the share of words that they and the local action have in common."""
    own = set(words_of(case.text))
    shares: dict[str, float] = defaultdict(float)
    for text in national(case.plan, language):
        theirs = set(words_of(f"{text.title} {text.objective_title}"))
        shares[text.objective] = max(shares[text.objective], len(own & theirs) / len(own | theirs))
    best = sorted((code for code in shares if shares[code]), key=lambda code: (-shares[code], code))
    return best[:MOST]


def by_search(case: Case, language: str) -> list[str]:
    """Ask the platform's search, as somebody who types the title of the action would."""
    texts = national(case.plan, language)
    if not SearchEntry.objects.filter(kind=f"{case.plan}-{language}").exists():
        SearchEntry.objects.all().delete()
        put(
            Text(
                f"{case.plan}-{language}",
                text.key,
                language,
                text.title,
                f"{text.objective_title} {text.role}",
            )
            for text in texts
        )
    objectives = {text.key: text.objective for text in texts}
    found = [objectives[key] for _kind, key in find(case.text)]
    return list(dict.fromkeys(found))[:MOST]


METHODS: dict[str, Method] = {"matching": by_matching, "words": by_words, "search": by_search}


def pairs(part: str) -> Iterator[tuple[Case, str, str]]:
    """Give each case with each language of the national plan; one plan after the other."""
    in_order = sorted(cases(part), key=lambda case: case.plan)
    for language in LANGUAGES:
        for case in in_order:
            yield case, language, "same" if language == case.language else "across"


def measured(method: Method, part: str) -> dict[tuple[str, str], Tally]:
    """Return the tallies by language of the local action and by where the plan stands."""
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for case, language, where in pairs(part):
        shown = method(case, language)
        for name in (case.language, "all"):
            tallies[name, where].add(case, shown)
    return tallies


def report(part: str) -> None:
    for name, method in METHODS.items():
        for (language, where), tally in sorted(measured(method, part).items()):
            figure(
                f"alignment.{name}.precision_at_3",
                tally.precision,
                "share",
                part=part,
                local_language=language,
                plan_language=where,
                hit_at_3=round(tally.hit, 4),
                cases=tally.cases,
                quiet=f"{tally.quiet} of {tally.cases - tally.answerable}",
            )


def report_bands(part: str) -> None:
    """Say for each word that goes with a score how often it was right."""
    bands: dict[str, list[bool]] = defaultdict(list)
    for case, language, _where in pairs(part):
        for one in candidates(case.plan, language).suggest(LocalText(case.text, case.language)):
            name = (
                "very likely"
                if one.score >= VERY_LIKELY
                else "likely"
                if one.score >= LIKELY
                else "possible"
            )
            bands[name].append(one.objective in case.right)
    for name, outcomes in sorted(bands.items()):
        figure(
            "alignment.right_share",
            statistics.mean(outcomes),
            "share",
            part=part,
            said=name,
            shown=len(outcomes),
        )


def report_speed() -> None:
    """Compare 20 local actions with 150 national ones, nothing having been read before."""
    from tansiq.plans.matching import forms, profiles

    texts = [text for plan in ("id", "ph", "my", "ke", "made") for text in national(plan, "fr")]
    texts = [text for _round in range(3) for text in texts][:150]
    local = [case for case in cases("development") if case.language == "ar"][:20]
    local += [case for case in cases("development") if case.language == "en"][: 20 - len(local)]
    taken = []
    for _round in range(5):
        profiles.profile_of.cache_clear()
        forms.forms.cache_clear()
        begun = time.process_time()
        ready = Candidates(texts)
        for case in local:
            ready.suggest(LocalText(case.text, case.language))
        taken.append((time.process_time() - begun) * 1000)
    figure(
        "alignment.cold_cpu_ms", statistics.median(taken), "ms", 100, local=20, national=len(texts)
    )
    begun = time.process_time()
    ready = Candidates(texts)
    for case in local:
        ready.suggest(LocalText(case.text, case.language))
    figure("alignment.warm_cpu_ms", (time.process_time() - begun) * 1000, "ms", 100)


def print_missed() -> None:
    for case, language, where in pairs("development"):
        found = candidates(case.plan, language).suggest(LocalText(case.text, case.language))
        if not case.right & {one.objective for one in found} or not found:
            shown = [
                (one.objective, one.score, [part.concept for part in one.best.shared])
                for one in found
            ]
            print(where, language, case.language, case.text, sorted(case.right), shown)


if __name__ == "__main__":
    if sys.argv[1:] == ["missed"]:
        print_missed()
    else:
        for one in PARTS:
            report(one)
            report_bands(one)
        report_speed()
