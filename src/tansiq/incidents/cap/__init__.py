"""Alerts by the Common Alerting Protocol 1.2 of OASIS, as plain data.

`message` is the alert: alert, info, area, resource, with the words of `values`. `writing` makes a
file of it that the official schema accepts, `reading` takes one from anybody and trusts nothing in
it; both follow the table in `shape` and the demands in `checking`. `agreement` compares the
languages of one alert, `signature` tells whether a file is as its sender signed it. Knows no
database.

In this field CAP is also a county's action plan; here it only ever means an alert.
"""
