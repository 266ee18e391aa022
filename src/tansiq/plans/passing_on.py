"""The job that tells hundreds of places what a version means for them."""

from django.utils.timezone import now
from django_tasks import task

from tansiq.plans.actions import consequences
from tansiq.plans.models import Version


@task()
def pass_on_version(version_id: int) -> None:
    """Tell the places what a version means for them."""
    waiting = Version.objects.filter(passed_on_at__isnull=True).select_related("plan__country")
    version = waiting.filter(pk=version_id).first()
    if version is not None:
        consequences.pass_on(version, at=now())
