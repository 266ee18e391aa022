from django.urls import path

from tansiq.access.views import (
    about,
    contacts,
    language,
    log,
    me,
    notices,
    organisations,
    oversight,
    people,
    places,
    sharing,
)

app_name = "access"
urlpatterns = [
    path("about/data/", about.data, name="about_data"),
    path("theme/", language.set_theme, name="set_theme"),
    # Closed: people keep the address they were invited with, or a stranger could take it over.
    path("account/email/", about.closed),
    # -- oneself
    # Not "me/": that is where the plans of Montenegro begin.
    path("mine/", me.me, name="me"),
    path("mine/tokens/", me.my_tokens, name="tokens"),
    path("mine/tokens/<int:pk>/revoke/", me.revoke_token, name="revoke_token"),
    path("mine/data/", me.my_data, name="my_data"),
    path("mine/data.json", me.my_data_file, name="my_data_file"),
    path("mine/delete/", me.delete_me, name="delete_me"),
    path("mine/leave/<int:pk>/", me.leave, name="leave"),
    path("consent/", me.consent, name="consent"),
    path("consent/<int:pk>/", me.answer_invitation, name="answer_invitation"),
    path("invitations/<str:key>/", people.invitation, name="invitation"),
    path("notices/", notices.index, name="notices"),
    path("notices/read/", notices.mark_all_read, name="mark_all_read"),
    path("notices/<int:pk>/", notices.follow, name="follow_notice"),
    # -- places and organisations
    path("places/", places.index, name="places"),
    path("places/<slug:code>/", places.detail, name="place"),
    path("places/<slug:code>/places.csv", places.download, name="download_places"),
    path("places/<slug:code>/upload/", places.upload, name="upload_places"),
    path("places/<slug:code>/new-organisation/", organisations.create, name="create_organisation"),
    path("organisations/", organisations.index, name="organisations"),
    path("organisations/<slug:slug>/", organisations.detail, name="organisation"),
    path("organisations/<slug:slug>/edit/", organisations.edit, name="edit_organisation"),
    path("organisations/<slug:slug>/invite/", people.invite, name="invite"),
    path("organisations/<slug:slug>/new-contact/", contacts.add, name="add_contact"),
    path("contacts/<int:pk>/", contacts.edit, name="edit_contact"),
    path("contacts/<int:pk>/withdraw/", contacts.withdraw, name="withdraw_contact"),
    path("members/<int:pk>/role/", people.change_role, name="change_role"),
    path("members/<int:pk>/end/", people.end_term, name="end_term"),
    path("members/<int:pk>/invite-again/", people.invite_again, name="invite_again"),
    # -- sharing, oversight, the record
    path("share/<slug:kind>/<int:pk>/", sharing.show, name="sharing"),
    path("share/<slug:kind>/<int:pk>/marking/", sharing.change_marking, name="change_marking"),
    path(
        "share/<slug:kind>/<int:pk>/organisations/",
        sharing.name_organisation,
        name="name_organisation",
    ),
    path(
        "share/<slug:kind>/<int:pk>/organisations/<slug:slug>/remove/",
        sharing.unname_organisation,
        name="unname_organisation",
    ),
    path("share/<slug:kind>/<int:pk>/people/", sharing.name_person, name="name_person"),
    path(
        "share/<slug:kind>/<int:pk>/people/<int:person_pk>/remove/",
        sharing.unname_person,
        name="unname_person",
    ),
    path("share/<slug:kind>/<int:pk>/hand-on/", sharing.hand_on, name="hand_on"),
    path("oversight/", oversight.register, name="oversight"),
    path("oversight/openings/", oversight.openings, name="openings"),
    path("oversight/<slug:kind>/<int:pk>/open/", oversight.open_sealed, name="open_sealed"),
    path("log/", log.index, name="log"),
    path("log/record.csv", log.export, name="export_log"),
    path("log/<str:label>/<int:pk>/", log.of_object, name="log_of_object"),
]
