from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from tansiq.access.log import knows_seal
from tansiq.exchange.actions.purging import digest_of, purge_expired, sweep_files
from tansiq.exchange.models import Purge, PurgeKind
from tansiq.exchange.queries.purging import places_of_word, words_left

_CHUNK = 500


class Command(BaseCommand):
    help = "Look whether what was deleted from the exchange is gone, and whether its proofs hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        steps.add_parser("run", help="delete what is over now, as the daily job does")
        steps.add_parser("verify", help="look for rows and words that should be gone")
        word = steps.add_parser("word", help="look for a word in every column of the database")
        word.add_argument("word", nargs="?", help="asked for, if it is not given")
        copy = steps.add_parser("copy", help="look whether a copy is what was deleted")
        copy.add_argument("number", type=int, help="the number of the item")
        copy.add_argument("title", help="the title of the copy")
        copy.add_argument("text", type=Path, help="a file with the text of the copy")
        copy.add_argument("--sha256", action="append", default=[], help="of each file sent with it")

    def handle(self, *, step: str, **options: Any) -> None:
        getattr(self, f"_{step}")(**options)

    def _run(self, **_options: Any) -> None:
        self.stdout.write(f"{purge_expired(at=now())} items deleted whose time was over")

    def _verify(self, **_options: Any) -> None:
        sweep_files()
        proofs = Purge.objects.filter(what=PurgeKind.CONTENT, item__isnull=False)
        wrong: list[str] = []
        keys = list(proofs.values_list("item_id", flat=True).order_by("pk"))
        for begin in range(0, len(keys), _CHUNK):
            wrong += words_left(keys[begin : begin + _CHUNK])
        for proof in Purge.objects.order_by("pk").iterator(chunk_size=_CHUNK):
            if not knows_seal(proof.seal):
                wrong.append(f"proof {proof.pk}: its entry is not in the log")
        for line in wrong:
            self.stdout.write(line)
        if wrong:
            raise CommandError(f"{len(wrong)} things are left or do not fit.")
        self.stdout.write(f"{Purge.objects.count()} proofs hold; nothing of {len(keys)} items left")

    def _word(self, *, word: str | None, **_options: Any) -> None:
        # Typed unseen, so that the word does not stand in the history of the terminal.
        found = places_of_word(word or getpass("Word: "))
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"The word stands in {len(found)} columns.")
        self.stdout.write("The word stands nowhere in the database.")

    def _copy(
        self, *, number: int, title: str, text: Path, sha256: list[str], **_options: Any
    ) -> None:
        proof = Purge.objects.exclude(what=PurgeKind.ENVELOPE).filter(item_number=number).first()
        if proof is None:
            raise CommandError(f"There is no proof for item {number}.")
        words = text.read_text(encoding="utf-8")
        if proof.digest != digest_of(number, title, words, files=sha256):
            raise CommandError("The copy is not what was deleted, or the secret key has changed.")
        self.stdout.write(f"The copy is what was deleted on {proof.at:%Y-%m-%d}.")
