"""What is served about a bot: every figure that is promised, and never a word of anybody's."""

from __future__ import annotations

import json
import os
import re
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped, unused-ignore]
from prometheus_client.parser import text_string_to_metric_families
from telegram.error import TimedOut

from bot import heartbeat, metrics
from bot.compose import Services, open_services
from bot.errors import SettingsError
from bot.metrics.server import MOST_THREADS, serving_metrics
from bot.settings import read_settings
from corpus.models import Filed, Scope
from corpus.reasons import Reason

ROOT = Path(__file__).resolve().parents[3]
PROMISED = """
pincite_questions_total pincite_answers_total pincite_refusals_total pincite_stage_seconds_bucket
pincite_files_total pincite_telegram_errors_total pincite_telegram_wait_seconds_total
pincite_queue_length pincite_watches pincite_documents pincite_index_bytes
pincite_index_changed_timestamp_seconds pincite_index_changes_behind pincite_audit_records_written
pincite_audit_newest_timestamp_seconds pincite_clock_leapt pincite_legal_holds pincite_database_up
process_resident_memory_bytes process_open_fds
""".split()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def get(services: Services, path: str) -> tuple[int, str]:
    """Status and text of a page."""
    try:
        with urllib.request.urlopen(f"http://{services.settings.metrics_listen}{path}") as page:
            return page.status, page.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@contextmanager
def served(monkeypatch: pytest.MonkeyPatch, *, beats: bool = False) -> Iterator[Services]:
    """A bot over the data folder here, with its metrics served."""
    monkeypatch.setenv("PINCITE_METRICS_LISTEN", f"127.0.0.1:{free_port()}")
    settings = read_settings()
    with open_services(settings) as services, serving_metrics(services, beats=beats):
        yield services


def values(text: str) -> dict[str, float]:
    """Each sample with its labels."""
    return {
        sample.name + json.dumps(sample.labels, sort_keys=True): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_every_promised_figure_is_there(filed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And moves with what happens; no question, title, path or person is in any of it."""
    with served(monkeypatch) as services:
        services.searcher.answer("who repairs the roof?", scope=Scope.all())
        services.searcher.answer("xylophone quartets", scope=Scope.all())
        metrics.count_filed(Filed("secret.pdf", "refused", "warehouse", Reason("withdrawn_here")))
        metrics.count_error("sendMessage", TimedOut(), 3.1)
        status, text = get(services, "/metrics")
        assert status == 200
        samples = values(text)
        names = {sample.partition("{")[0] for sample in samples}
        assert set(PROMISED) - names <= {"pincite_audit_newest_timestamp_seconds"}
        assert samples["pincite_questions_total{}"] == 2
        assert samples['pincite_files_total{"outcome": "refused", "reason": "withdrawn_here"}'] == 1
        assert samples['pincite_stage_seconds_count{"stage": "answer"}'] == 2
        assert samples["pincite_documents{}"] == 2
        answered = [name for name, value in samples.items() if "answers_total" in name and value]
        refused = [name for name, value in samples.items() if "refusals_total" in name and value]
        assert (len(answered), len(refused)) == (1, 1)
        for word in ("roof", "xylophone", "secret", "warehouse", "lease"):
            assert word not in text


def test_health_and_readiness(filed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alive from the start, ready when connected and indexed, ill when the loop hangs."""
    with served(monkeypatch, beats=True) as services:
        assert get(services, "/healthz") == (200, "ok\n")
        assert get(services, "/readyz") == (503, "Telegram is not connected yet\n")
        heartbeat.beat(filed)
        assert get(services, "/readyz")[0] == 503
        services.searcher.refresh()
        assert get(services, "/readyz") == (200, "ok\n")
        long_ago = time.time() - 2 * heartbeat.LATE_AFTER
        os.utime(filed / heartbeat.NAME, (long_ago, long_ago))
        monkeypatch.setattr("bot.heartbeat.LATE_AFTER", 0.0)
        assert get(services, "/healthz")[0] == 503
        assert get(services, "/elsewhere")[0] == 404


def test_silent_clients_do_not_take_it_away(filed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More of them than there are threads: they are let go of, and the next one is answered."""
    monkeypatch.setattr("bot.metrics.server._Handler.timeout", 0.2)
    with served(monkeypatch) as services:
        listen = services.settings.metrics_listen
        assert listen
        silent = [socket.create_connection((listen.host, listen.port)) for _ in range(MOST_THREADS)]
        for client in silent:
            client.settimeout(20)
            assert client.recv(1) == b""  # let go of
            client.close()
        assert get(services, "/healthz")[0] == 200


def test_an_address_in_use_is_refused_in_a_line(
    filed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the name of the setting."""
    with (
        served(monkeypatch) as services,
        pytest.raises(SettingsError, match="METRICS_LISTEN"),
        serving_metrics(services, beats=False),
    ):
        pass
    assert metrics._counters is None


def _expressions() -> list[str]:
    dashboard = json.loads((ROOT / "docs/grafana-dashboard.json").read_text("utf-8"))
    rules = yaml.safe_load((ROOT / "docs/alerts.yaml").read_text("utf-8"))
    targets = [target for panel in dashboard["panels"] for target in panel.get("targets", [])]
    alerts: list[dict[str, Any]] = [rule for group in rules["groups"] for rule in group["rules"]]
    assert targets
    assert all(alert["annotations"]["summary"] for alert in alerts)
    return [target["expr"] for target in targets] + [alert["expr"] for alert in alerts]


def test_dashboard_and_alerts_name_what_is_served(
    filed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each metric in an expression is one that the bot serves."""
    with served(monkeypatch) as services:
        services.searcher.answer("who repairs the roof?", scope=Scope.all())
        text = get(services, "/metrics")[1]
    types = {family.name for family in text_string_to_metric_families(text)}
    for expression in _expressions():
        for name in re.findall(r"\b(?:pincite|process)_[a-z_]+", expression):
            plain = re.sub(r"_(total|bucket|count|sum)$", "", name)
            assert {name, plain} & types or "audit_newest" in name, name
