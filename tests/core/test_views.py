"""What the operator's machines ask."""

import datetime as dt
import re

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.timezone import now

from tansiq.core import jobs, metrics

pytestmark = pytest.mark.django_db
TOKEN = "a token of the operator"


def test_alive_is_answered_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"alive\n")


def test_ready_when_database_migrations_and_worker_are_there(client):
    jobs.beat("one", at=now())

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"ready": True, "missing": []})


def test_not_ready_without_a_worker(client):
    jobs.beat("one", at=now() - dt.timedelta(minutes=3))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"ready": False, "missing": ["worker"]}


def test_not_ready_when_a_migration_is_missing(client):
    jobs.beat("one", at=now())
    newest = MigrationRecorder.Migration.objects.filter(app="core").order_by("-pk").first()
    newest.delete()

    assert client.get("/readyz").json() == {"ready": False, "missing": ["migrations"]}


def test_not_ready_when_the_database_is_away(client, monkeypatch):
    def refuse():
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get("/readyz")
    monkeypatch.undo()

    assert (response.status_code, response.json()["missing"]) == (503, ["database"])


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", TOKEN[:-1], "Bearer ü"])
def test_metrics_do_not_exist_for_who_has_no_token(client, settings, given):
    settings.METRICS_TOKEN = TOKEN

    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


def test_metrics_do_not_exist_where_no_token_is_set(client, settings):
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_metrics_are_what_prometheus_reads(client, settings):
    settings.METRICS_TOKEN = TOKEN
    jobs.beat("one", at=now())
    client.get("/healthz")

    response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    text = response.content.decode()
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    series = re.compile(r'^[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? [0-9.e+-]+(Inf)?$')
    wrong = [line for line in text.splitlines() if line[0] != "#" and not series.match(line)]
    assert wrong == []
    assert re.search(
        r'^tansiq_requests_total\{route="core:healthz",method="GET",status="200"\} \d+$', text, re.M
    )
    names = set(re.findall(r"^# TYPE (\w+)", text, re.M))
    assert names == {
        "tansiq_requests_total",
        "tansiq_request_seconds",
        "tansiq_jobs",
        "tansiq_worker_silence_seconds",
        "tansiq_live_streams",
        "tansiq_database_bytes",
    }


def test_histogram_counts_up_to_all_requests(monkeypatch):
    for name in ("_requests", "_buckets", "_seconds"):
        monkeypatch.setattr(metrics, name, {})
    for seconds in (0.001, 0.005, 0.02, 99):
        metrics.count_request("plans:detail", "GET", 200, seconds)

    lines = metrics.render({}).splitlines()

    assert 'tansiq_request_seconds_bucket{route="plans:detail",le="0.005"} 2' in lines
    assert 'tansiq_request_seconds_bucket{route="plans:detail",le="0.025"} 3' in lines
    assert 'tansiq_request_seconds_bucket{route="plans:detail",le="+Inf"} 4' in lines
    assert 'tansiq_request_seconds_count{route="plans:detail"} 4' in lines


def test_a_visitor_cannot_make_up_series():
    assert metrics.known_method("BREW") == "other"
