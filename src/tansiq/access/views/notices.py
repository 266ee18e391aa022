from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from tansiq.access.actions import notices as actions
from tansiq.access.gate import fetch
from tansiq.access.middleware import Request
from tansiq.access.models import Notice
from tansiq.access.notices import still_visible, text_of
from tansiq.access.pages import page_of
from tansiq.access.queries import unread_notices


@login_required
def index(request: Request) -> HttpResponse:
    notices = Notice.objects.visible_to(request.actor).order_by("-made_at", "-pk")
    if request.GET.get("show") == "unread":
        notices = notices.filter(read_at__isnull=True)
    page = page_of(request, notices)
    rows = [(one, text_of(one)) for one in still_visible(page.object_list, request.actor)]
    context = {"page": page, "rows": rows, "unread": unread_notices(request.actor)}
    return render(request, "access/notices.html", context)


@login_required
@require_POST
def follow(request: Request, pk: int) -> HttpResponse:
    notice = fetch(request.actor, "notices.read", Notice, pk=pk)
    actions.mark_read(notice, at=now())
    return redirect(notice.url)


@login_required
@require_POST
def mark_all_read(request: Request) -> HttpResponse:
    actions.mark_all_read(Notice.objects.visible_to(request.actor), at=now())
    return redirect("access:notices")
