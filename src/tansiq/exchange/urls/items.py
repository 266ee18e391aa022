"""Addresses of items: written, sent, received."""

from django.urls import path

from tansiq.exchange.views import items, receipts, writing

paths = [
    path("", items.index, name="index"),
    path("received/", items.received, name="received"),
    path("sent/", items.sent, name="sent"),
    path("drafts/", writing.drafts, name="drafts"),
    path("write/", writing.write, name="write"),
    path("<int:pk>/", items.item, name="item"),
    path("<int:pk>/print/", items.paper, name="paper"),
    path("<int:pk>/edit/", writing.edit, name="edit"),
    path("<int:pk>/send/", writing.send, name="send"),
    path("<int:pk>/ask/", writing.ask, name="ask"),
    path("<int:pk>/delete/", writing.delete, name="delete"),
    path("<int:pk>/recipients/", items.recipients, name="recipients"),
    path("<int:pk>/recipients.csv", items.recipients_csv, name="recipients_csv"),
    path("<int:pk>/answers/", items.replies, name="replies"),
    path("<int:pk>/answer-all/", receipts.answer_all, name="answer_all"),
    path("files/<int:pk>/", writing.file, name="file"),
    path("files/<int:pk>/remove/", writing.remove_file, name="remove_file"),
    path("receipts/<int:pk>/", receipts.receipt, name="receipt"),
    path("receipts/<int:pk>/say/", receipts.say, name="say"),
    path("receipts/<int:pk>/answer/", receipts.reply, name="reply"),
    path("receipts/<int:pk>/led-to/", receipts.decide, name="decide"),
]
