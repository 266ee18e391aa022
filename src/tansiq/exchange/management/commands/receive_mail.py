import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from tansiq.exchange.actions.mail_replies import MOST_BYTES, MailRefusedError, take_mail


class Command(BaseCommand):
    help = "Take one mail from standard input as the answer to an item; for a mail server's pipe."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        raw = sys.stdin.buffer.read(MOST_BYTES + 1)
        try:
            reply = take_mail(raw, at=now())
        except MailRefusedError as problem:
            # The mail server need not try again, and must not tell a stranger why.
            self.stderr.write(f"Not taken: {problem}")
            return
        except OSError as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"Taken as answer {reply.pk}.")
