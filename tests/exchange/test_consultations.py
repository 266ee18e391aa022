"""A draft is commented on, each comment is answered, and what changed is published."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils.timezone import now

from tansiq.access.models import Notice
from tansiq.exchange.actions.consultations import (
    ConsultationError,
    Remark,
    Said,
    conclude,
    respond,
    split_text,
    withdraw_comment,
    write_comment,
)
from tansiq.exchange.models import Comment, Consultation, Obligation, Outcome, Receipt, Response
from tansiq.exchange.queries.consultations import comments_shown, progress_of
from tests.factories import (
    NOON,
    CommentFactory,
    ItemFactory,
    MembershipFactory,
    OrganisationFactory,
    ReceiptFactory,
    actor_of,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def _consultation(**more):
    return ItemFactory(**{"kind": "consultation", "text": "First.\n\nSecond.", **more})


def _asked(item, **more):
    return ReceiptFactory(item=item, organisation=OrganisationFactory(**more))


def _comment(receipt, text="Shorter, please.", **more):
    remark = Remark(text=text, language="en", **more)
    return write_comment(receipt, remark, by=actor_of(receipt.organisation), at=NOON)


def _respond(item, *comments, outcome=Outcome.DID, because="You are right."):
    said = Said(outcome, because, "en")
    keys = [one.pk for one in comments]
    return respond(item, keys, said, by=actor_of(item.owner), at=NOON + DAY)


def test_a_comment_answers_for_the_recipient_and_the_sender_owes_a_response():
    item = _consultation()
    receipt = _asked(item)

    _comment(receipt)

    assert Receipt.objects.get(pk=receipt.pk).answered_at == NOON
    owed = Obligation.objects.get(item=item, debtor=item.owner)
    assert (owed.creditor, owed.state) == (receipt.organisation, "open")


def test_the_same_post_twice_is_one_comment():
    receipt = _asked(_consultation())
    key = uuid.uuid4()

    assert _comment(receipt, client_key=key) == _comment(receipt, client_key=key)

    assert Comment.objects.count() == 1


def test_comments_are_taken_until_the_day_that_was_said():
    receipt = _asked(_consultation(reply_by=NOON - DAY))

    with pytest.raises(ConsultationError, match="not taken any more"):
        _comment(receipt)


def test_one_answer_serves_like_comments_and_ends_what_is_owed_to_each():
    item = _consultation()
    first, second = _asked(item), _asked(item)
    like = [_comment(first), _comment(second)]
    other = _comment(second, "Another thing.")

    _respond(item, *like)

    owed = dict(Obligation.objects.filter(debtor=item.owner).values_list("creditor", "state"))
    assert owed == {first.organisation_id: "done", second.organisation_id: "open"}
    assert Response.objects.get().comments.count() == 2
    _respond(item, other, outcome=Outcome.DID_NOT, because="The law forbids it.")
    assert not Obligation.objects.filter(debtor=item.owner, state="open").exists()


def test_answering_anew_replaces_and_the_commenter_is_told_both_times():
    item = _consultation()
    receipt = _asked(item)
    person = MembershipFactory(organisation=receipt.organisation).person
    comment = _comment(receipt)

    _respond(item, comment)
    _respond(item, comment, outcome=Outcome.IN_PART, because="Only the first half.")

    assert Response.objects.get().because == "Only the first half."
    assert Notice.objects.filter(person=person, code="exchange.comment_answered").count() == 2


def test_comments_of_another_consultation_are_not_answered():
    foreign = CommentFactory()

    with pytest.raises(ConsultationError, match="Choose the comments"):
        _respond(_consultation(), foreign)

    assert Comment.objects.get().response is None


def test_who_reads_which_comment():
    item = _consultation()
    one, other = _asked(item), _asked(item)
    opened = _comment(one, "For all.")
    closed = _comment(one, "For you only.", is_open=False)

    def seen(organisation):
        return set(comments_shown(actor_of(organisation), item))

    assert seen(item.owner) == {opened, closed}
    assert seen(one.organisation) == {opened, closed}
    assert seen(other.organisation) == {opened}
    assert seen(OrganisationFactory()) == set()


def test_a_response_to_closed_comments_stays_between_the_two():
    item = _consultation()
    one, other = _asked(item), _asked(item)
    response = _respond(item, _comment(one, is_open=False))

    assert set(Response.objects.visible_to(actor_of(one.organisation))) == {response}
    assert not Response.objects.visible_to(actor_of(other.organisation)).exists()


def test_a_comment_is_taken_back_until_it_is_answered():
    item = _consultation()
    receipt = _asked(item)
    first, second = _comment(receipt), _comment(receipt)
    by = actor_of(receipt.organisation)
    _respond(item, first)

    withdraw_comment(second, by=by, at=NOON)

    assert set(Comment.objects.all()) == {first}
    assert not Obligation.objects.filter(debtor=item.owner, state="open").exists()
    with pytest.raises(ConsultationError, match="stands"):
        withdraw_comment(first, by=by, at=NOON)


def test_passages_are_numbered_until_somebody_commented():
    item = _consultation(text="First.\r\n\r\n\r\nSecond\nline.\n\n")
    by = actor_of(item.owner)

    assert split_text(item, by=by, at=NOON) == 2
    assert list(item.portions.order_by("number").values_list("number", "text")) == [
        (1, "First."),
        (2, "Second\nline."),
    ]
    _comment(_asked(item), portion=item.portions.get(number=2))
    with pytest.raises(ConsultationError, match="stay as they are"):
        split_text(item, by=by, at=NOON)


def test_a_text_of_one_piece_is_not_split():
    item = _consultation(text="One piece.")

    with pytest.raises(ConsultationError, match="blank lines"):
        split_text(item, by=actor_of(item.owner), at=NOON)


def test_progress_counts_bodies_by_kind_and_level_and_says_that_they_are_few():
    item = _consultation()
    city = _asked(item, kind="city")
    _asked(item, kind="city")
    women = _asked(item, kind="women")
    _comment(city)
    _respond(item, _comment(city))
    _comment(women)

    progress = progress_of(item)

    assert (progress.asked, progress.heard, progress.comments, progress.answered) == (3, 2, 3, 1)
    assert [(heard, asked) for _kind, heard, asked in progress.by_kind] == [(1, 2), (1, 1)]
    assert [(heard, asked) for _level, heard, asked in progress.by_level] == [(2, 3)]
    assert progress.is_few


def test_of_what_is_for_single_persons_no_kind_is_counted():
    item = _consultation(marking="red")

    assert progress_of(item).by_kind == ()


def test_the_summary_waits_for_the_last_answer_and_all_who_were_asked_are_told_once():
    item = _consultation()
    silent = _asked(item)
    person = MembershipFactory(organisation=silent.organisation).person
    comment = _comment(_asked(item))
    by = actor_of(item.owner)

    with pytest.raises(ConsultationError, match="Answer each comment first"):
        conclude(item, "Two passages changed.", by=by, at=NOON)
    _respond(item, comment)
    conclude(item, "Two passages changed.", by=by, at=NOON)
    conclude(item, "Three passages changed.", by=by, at=NOON)

    assert Consultation.objects.get(item=item).conclusion == "Three passages changed."
    assert Notice.objects.filter(person=person, code="exchange.concluded").count() == 1


def _living(**more):
    return _consultation(expires_on=now().date() + 30 * DAY, **more)


def test_a_volunteer_comments_and_the_sender_answers_in_the_browser(client):
    item = _living()
    receipt = _asked(item)
    volunteer = MembershipFactory(organisation=receipt.organisation, role="contributor").person
    sender = MembershipFactory(organisation=item.owner, role="coordinator").person
    address = reverse("exchange:consultation", args=[item.pk])

    client.force_login(sender)
    client.post(reverse("exchange:split", args=[item.pk]))
    portion = item.portions.get(number=2)
    client.force_login(volunteer)
    assert "Read the draft and comment" in client.get(item.get_absolute_url()).content.decode()
    assert "Comment on § 2" in client.get(address).content.decode()
    given = {
        "portion": portion.pk,
        "text": "Shorter, please.",
        "readers": "open",
        "language": "en",
        "client_key": uuid.uuid4(),
    }
    assert client.post(reverse("exchange:comment", args=[receipt.pk]), {}).status_code == 422
    client.post(reverse("exchange:comment", args=[receipt.pk]), given)
    comment = Comment.objects.get()
    assert (comment.portion, comment.person) == (portion, volunteer)
    answer = {
        "comment": [comment.pk],
        "outcome": "did",
        "because": "You are right.",
        "change_url": "https://elsewhere.example/x",
        "language": "en",
    }
    respond_at = reverse("exchange:respond", args=[item.pk])
    assert client.post(respond_at, answer).status_code == 403
    client.force_login(sender)
    assert client.post(respond_at, answer).status_code == 422
    client.post(respond_at, answer | {"change_url": "/plans/?q=1"})
    client.post(reverse("exchange:conclude", args=[item.pk]), {"conclusion": "It is shorter."})

    client.force_login(volunteer)
    page = client.get(reverse("exchange:summary", args=[item.pk])).content.decode()
    assert {"It is shorter.", "You are right.", "Shorter, please."} <= {
        words for words in ("It is shorter.", "You are right.", "Shorter, please.") if words in page
    }
    assert 'href="/plans/?q=1"' in page
    file = client.get(reverse("exchange:summary_docx", args=[item.pk]))
    assert file.content.startswith(b"PK")
    lines = client.get(reverse("exchange:comments_csv", args=[item.pk])).content.decode()
    assert '"Shorter, please.",we did it,You are right.,/plans/?q=1' in lines


def test_a_public_consultation_shows_its_summary_to_everybody_without_closed_comments(client):
    item = _living(marking="clear")
    receipt = _asked(item)
    opened, closed = (
        _comment(receipt, "Open word."),
        _comment(receipt, "Closed word.", is_open=False),
    )
    _respond(item, opened, closed)
    address = reverse("exchange:summary", args=[item.pk])
    assert client.get(address).status_code == 404

    conclude(item, "It is shorter.", by=actor_of(item.owner), at=NOON)

    page = client.get(address).content.decode()
    assert "Open word." in page
    assert "Closed word." not in page
    assert "1 more comment was for who asked only" in page
    lines = client.get(reverse("exchange:comments_csv", args=[item.pk])).content.decode()
    assert ("Open word." in lines, "Closed word." in lines) == (True, False)


def test_the_page_costs_the_same_for_many_comments(client, flat_queries):
    item = _living()
    client.force_login(MembershipFactory(organisation=item.owner, role="coordinator").person)
    address = reverse("exchange:consultation", args=[item.pk])

    flat_queries(
        lambda: client.get(address), add_row=lambda: CommentFactory(receipt__item=item), cost=22
    )
