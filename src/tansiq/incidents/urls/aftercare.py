"""Addresses of what goes on for years: dates, memorials, fund, recommendations, retiring."""

from django.urls import path

from tansiq.incidents.views import aftercare, calendars, funds, retiring

paths = [
    path("calendar/", calendars.mine, name="calendar"),
    path("calendar/<str:secret>.ics", calendars.feed, name="calendar_feed"),
    path("<int:room>/recovery/", aftercare.show, name="recovery"),
    path("<int:room>/recovery/date/", aftercare.set_date, name="milestone_set"),
    path("<int:room>/recovery/date/<int:pk>/", aftercare.move_date, name="milestone"),
    path("<int:room>/recovery/date/<int:pk>/drop/", aftercare.drop_date, name="milestone_drop"),
    path("<int:room>/recovery/date/<int:pk>/told/", aftercare.told, name="milestone_told"),
    path("<int:room>/recovery/memorial/", aftercare.memorial, name="memorial"),
    path("<int:room>/recovery/recommend/", aftercare.recommend, name="recommend"),
    path("<int:room>/recovery/recommendation/<int:pk>/", aftercare.stand, name="recommendation"),
    path("<int:room>/recommendations/", aftercare.public, name="recommendations"),
    path("<int:room>/recovery/fund/", funds.begin, name="fund_open"),
    path("<int:room>/fund/<int:pk>/", funds.show, name="fund"),
    path("<int:room>/fund/<int:pk>/book/", funds.add, name="fund_book"),
    path("<int:room>/fund/<int:pk>/<slug:step>/", funds.step, name="fund_step"),
    path("<int:room>/retire/", retiring.show, name="retire"),
    path("<int:room>/retire/plan/", retiring.plan, name="retire_plan"),
    path("<int:room>/retire/proof.pdf", retiring.proof, name="retire_proof"),
]
