"""A person's own notices: read."""

from datetime import datetime

from django.db.models import QuerySet

from tansiq.access.models import Notice


def mark_read(notice: Notice, *, at: datetime) -> None:
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=at)


def mark_all_read(notices: QuerySet[Notice], *, at: datetime) -> int:
    return notices.filter(read_at__isnull=True).update(read_at=at)
