"""An answer by mail: taken from whom it was asked of, where the marking lets it, once."""

import datetime as dt
import io
from email.message import EmailMessage

import pytest
from django.core import mail
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from tansiq.access.models import LogEntry
from tansiq.exchange.actions import mail_replies
from tansiq.exchange.actions.delivery import send_waiting
from tansiq.exchange.actions.mail_replies import MailRefusedError, take_mail
from tansiq.exchange.models import Item, Receipt, Reply
from tests.exchange.test_delivery import _send
from tests.factories import NOON, MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
QUOTED = "\n\nOn Monday, Tansiq wrote:\n> ## Answer by writing above this line ##\n> Old words"


@pytest.fixture(autouse=True)
def _mailbox(settings):
    settings.REPLY_ADDRESS = "answer@tansiq.example.org"


@pytest.fixture
def reader():
    return MembershipFactory(role="contributor").person


@pytest.fixture
def asked(reader):
    """Send an item, and return the mail in which it came."""
    city = reader.memberships.get().organisation
    _send(OrganisationFactory(), city)
    send_waiting(at=NOON)
    return mail.outbox.pop()


def _answer(letter, text="We will come." + QUOTED, *, sender="", **headers):
    message = EmailMessage()
    message["From"] = sender or letter.to[0]
    message["To"] = letter.reply_to[0]
    message["Subject"] = "Re: something"
    message["Message-ID"] = "<one@example.org>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def test_words_above_the_line_become_an_answer(asked, reader):
    reply = take_mail(_answer(asked).as_bytes(), at=NOON)

    assert reply.text == "We will come."
    assert reply.organisation == reader.memberships.get().organisation
    assert Receipt.objects.get().answered_at == NOON


def test_the_same_mail_twice_is_one_answer(asked):
    raw = _answer(asked).as_bytes()

    first, again = take_mail(raw, at=NOON), take_mail(raw, at=NOON)

    assert first.pk == again.pk
    assert Reply.objects.count() == 1


def test_a_mail_of_markup_is_read_as_words(asked):
    message = _answer(asked)
    html = "<style>p{}</style><p>We &amp; they <b>come</b>.</p><script>x()</script>"
    html += "<p>## line ##</p>old"
    message.set_content(html, subtype="html")

    assert take_mail(message.as_bytes(), at=NOON).text == "We & they come."


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"sender": "stranger@example.org"}, "address the mail went to"),
        ({"text": "## nothing above"}, "no words"),
        ({"text": "Call Bapak Joko Santoso on +62 812 3456 7890."}, "something of a person"),
        ({"Auto_Submitted": "auto-replied"}, "machines"),
        ({"Precedence": "bulk"}, "machines"),
    ],
)
def test_what_does_not_fit_changes_nothing(asked, change, why):
    with pytest.raises(MailRefusedError, match=why):
        take_mail(_answer(asked, **change).as_bytes(), at=NOON)

    assert Reply.objects.count() == 0


def test_who_holds_the_secret_is_told_why_and_it_is_logged(asked, reader):
    with pytest.raises(MailRefusedError):
        take_mail(_answer(asked, text="## nothing").as_bytes(), at=NOON)

    [letter] = mail.outbox
    assert letter.to == [reader.email]
    assert "no words" in letter.body
    assert LogEntry.objects.filter(rule="refused:exchange.reply_by_mail").count() == 1


def test_a_stranger_without_the_secret_is_told_nothing(asked):
    asked.reply_to = ["answer+00000000000000000000000000000000@tansiq.example.org"]

    with pytest.raises(MailRefusedError, match="takes no answers"):
        take_mail(_answer(asked).as_bytes(), at=NOON)

    assert mail.outbox == []


def test_files_are_not_taken(asked):
    message = _answer(asked)
    message.add_attachment(b"MZ", maintype="application", subtype="pdf", filename="x.pdf")

    with pytest.raises(MailRefusedError, match="Files"):
        take_mail(message.as_bytes(), at=NOON)


@pytest.mark.parametrize("change", [{"marking": "amber+strict"}, {"recalled_at": NOON}])
def test_marked_anew_or_taken_back_takes_no_answer_by_mail(asked, change):
    Item.objects.update(**change)

    with pytest.raises(MailRefusedError):
        take_mail(_answer(asked).as_bytes(), at=NOON)

    assert Reply.objects.count() == 0


def test_who_left_the_office_cannot_answer(asked, reader):
    reader.memberships.update(ends_on=NOON.date() - dt.timedelta(days=1))

    with pytest.raises(MailRefusedError):
        take_mail(_answer(asked).as_bytes(), at=NOON)


@pytest.mark.parametrize("marking", ["amber+strict", "red"])
def test_mails_of_marked_items_have_no_address_for_an_answer(reader, marking):
    city = reader.memberships.get().organisation
    _send(OrganisationFactory(), city, marking=marking, people=[reader.pk])

    send_waiting(at=NOON)

    assert [letter.reply_to for letter in mail.outbox] == [[]]


def test_too_large_a_mail_is_refused_before_it_is_read():
    with pytest.raises(MailRefusedError, match="too large"):
        take_mail(b"x" * (mail_replies.MOST_BYTES + 1), at=NOON)


@given(raw=st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_whatever_comes_is_taken_or_refused(raw):
    with pytest.raises(MailRefusedError):
        take_mail(
            b"To: answer+00000000000000000000000000000000@tansiq.example.org\n" + raw, at=NOON
        )


def test_the_command_for_the_pipe_takes_or_refuses_and_never_fails(asked, monkeypatch, capsys):
    for raw in (_answer(asked).as_bytes(), b"To: x\n\nHello"):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        call_command("receive_mail")

    said = capsys.readouterr()
    assert "Taken as answer" in said.out
    assert "Not taken" in said.err
