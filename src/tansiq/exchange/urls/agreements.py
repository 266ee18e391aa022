"""Addresses of agreements about sharing."""

from django.urls import path

from tansiq.exchange.views import agreements

paths = [
    path("agreements/", agreements.index, name="agreements"),
    path("agreements/write/", agreements.write, name="agreement_write"),
    path("agreements/<int:pk>/", agreements.agreement, name="agreement"),
    path("agreements/<int:pk>/edit/", agreements.edit, name="agreement_edit"),
    path("agreements/<int:pk>/parties/", agreements.add_party, name="agreement_add_party"),
    path(
        "agreements/<int:pk>/parties/<int:party>/remove/",
        agreements.remove_party,
        name="agreement_remove_party",
    ),
    path("agreements/<int:pk>/parties/<int:party>/sign/", agreements.sign, name="agreement_sign"),
    path("agreements/<int:pk>/offer/", agreements.offer, name="agreement_offer"),
    path("agreements/<int:pk>/amend/", agreements.amend, name="agreement_amend"),
    path("agreements/<int:pk>/end/", agreements.end, name="agreement_end"),
    path("agreements/<int:pk>/agreement.pdf", agreements.pdf, name="agreement_pdf"),
    path("<int:item>/agreement/", agreements.choose, name="agreement_choose"),
]
