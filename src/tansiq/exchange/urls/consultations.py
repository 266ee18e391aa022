"""Addresses of consultations: the draft with its comments, answers, the summary."""

from django.urls import path

from tansiq.exchange.views import consultations

paths = [
    path("<int:pk>/consultation/", consultations.consultation, name="consultation"),
    path("<int:pk>/consultation/split/", consultations.split, name="split"),
    path("<int:pk>/consultation/respond/", consultations.respond, name="respond"),
    path("<int:pk>/consultation/conclude/", consultations.conclude, name="conclude"),
    path("<int:pk>/consultation/summary/", consultations.summary, name="summary"),
    path("<int:pk>/consultation/comments.csv", consultations.comments_csv, name="comments_csv"),
    path("<int:pk>/consultation/summary.docx", consultations.summary_docx, name="summary_docx"),
    path("receipts/<int:pk>/comment/", consultations.comment, name="comment"),
    path("comments/<int:pk>/withdraw/", consultations.withdraw_comment, name="withdraw_comment"),
]
