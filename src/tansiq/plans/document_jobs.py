"""The job that makes a document too large to wait for."""

from django.utils.timezone import now
from django_tasks import task

from tansiq.access.actor import Actor
from tansiq.plans.actions.edition_files import make_file
from tansiq.plans.models import EditionFile


@task()
def make_document(pk: int) -> str:
    """Make the document of an edition that somebody waits for."""
    file = EditionFile.objects.visible_to(Actor.system("makes documents")).filter(pk=pk).first()
    if file is None:
        return "nobody waits for it any more"
    make_file(file, at=now())
    return f"document {pk} made"
