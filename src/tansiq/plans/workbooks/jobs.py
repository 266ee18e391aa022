"""The jobs that work on workbooks of all places, as the queue knows them."""

from collections.abc import Callable

from django.utils.timezone import now
from django_tasks import task

from tansiq.plans.workbooks import national


@task()
def make_workbook(pk: int) -> None:
    _run(national.make, pk)


@task()
def read_workbook(pk: int) -> None:
    _run(national.read, pk)


@task()
def take_workbook(pk: int) -> None:
    _run(national.take_confirmed, pk)


def _run(job: Callable[..., None], pk: int) -> None:
    """Run a job on a workbook; the person who waits for it learns when it broke down."""
    try:
        job(pk, at=now())
    except Exception:
        national.fail(pk)
        raise
