from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from tansiq.access.actor import Actor
from tansiq.exchange import carrying, line
from tansiq.exchange.federation import keys
from tansiq.exchange.models import Peer

_BY = Actor.system("tansiq federation")


class Command(BaseCommand):
    help = "Exchange bundles with other platforms: key, push, pull, export, import."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        key = verbs.add_parser("key", help="show the line and the digits of this platform")
        key.add_argument("--renew", action="store_true", help="make a new key; peers are told")
        for verb, what in (
            ("push", "bring what waits to each peer with an address"),
            ("pull", "fetch what waits for us, also from peers that are not asked by themselves"),
        ):
            moving = verbs.add_parser(verb, help=what)
            moving.add_argument("--peer", type=int, default=0, help="only the one of this number")
        export = verbs.add_parser("export", help="write what waits for a peer into a file")
        export.add_argument("--peer", type=int, required=True)
        export.add_argument("--to", type=Path, required=True)
        bring = verbs.add_parser("import", help="take the bundles of a file")
        bring.add_argument("file", type=Path)

    def handle(self, *, verb: str, **options: Any) -> None:
        {
            "key": self._key,
            "push": self._push,
            "pull": self._pull,
            "export": self._export,
            "import": self._import,
        }[verb](options)

    def _key(self, options: dict[str, Any]) -> None:
        folder = Path(settings.DATA_DIR)
        key = keys.renew(folder) if options["renew"] else keys.load(folder)
        self.stdout.write(keys.card(key.public))
        self.stdout.write(keys.digits(key.fingerprint))

    def _push(self, options: dict[str, Any]) -> None:
        self._move(options, line.push)

    def _pull(self, options: dict[str, Any]) -> None:
        self._move(options, line.pull)

    def _move(self, options: dict[str, Any], how: Any) -> None:
        failed = 0
        for peer in self._peers(options["peer"]):
            moved, problem = line.attempt(peer, how, at=now())
            failed += bool(problem)
            self.stdout.write(f"{peer.name}: {problem or f'{moved} bundles'}")
        if failed:
            raise CommandError("Not every platform was reached; the next attempt goes on there.")

    def _peers(self, pk: int) -> list[Peer]:
        peers = Peer.objects.open().exclude(address="").order_by("pk")
        return list(peers.filter(pk=pk) if pk else peers)

    def _export(self, options: dict[str, Any]) -> None:
        peer = Peer.objects.filter(pk=options["peer"]).first()
        if peer is None:
            raise CommandError(f"No platform has the number {options['peer']}.")
        content = carrying.file_for(peer, by=_BY, at=now())
        if not content:
            self.stdout.write("Nothing waits.")
            return
        options["to"].write_bytes(content)
        self.stdout.write(f"{options['to']}: {len(content)} bytes")

    def _import(self, options: dict[str, Any]) -> None:
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        brought = carrying.bring(options["file"].read_bytes(), at=now())
        self.stdout.write(
            f"{brought.new} bundles taken, {brought.known} were here already, "
            f"{brought.refused_records} records refused."
        )
        if brought.problem:
            raise CommandError(f"The next one was not taken: {brought.problem}.")
