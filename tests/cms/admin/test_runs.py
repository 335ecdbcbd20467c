# SPDX-License-Identifier: Apache-2.0
"""The page of a run: what is known while it runs, what failed, what came out."""

from __future__ import annotations

from assets.models import Asset, Rendition
from cms.admin.measured import Fact, flat, histogram, isolation_of, mean_of, steps_of
from pipelines.models import Run, RunStep
from tests.cms.admin.conftest import client_of


def run_of(asset: Asset) -> Run:
    return Run.objects.get(file__asset=asset)


def test_an_open_run_keeps_itself_fresh(secret: Asset, curator) -> None:
    run = run_of(secret)
    Run.objects.filter(pk=run.pk).update(state="running")
    RunStep.objects.filter(run=run).update(state="running", fraction=0.42, message="half way")
    client = client_of(curator)
    page, state = client.get(f"/admin/runs/{run.pk}/").content.decode(), client.get(f"/admin/runs/{run.pk}/state.json").json()
    assert "cms_admin/run.js" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert (state["state"], state["open"], 'value="42"' in state["html"], "half way" in state["html"]) == ("running", True, True, True)


def test_a_finished_run_shows_errors_and_stops_asking(secret: Asset, curator) -> None:
    error = {"mean": 0.0001, "max": 0.0008, "mean_relative": 0.0003, "max_relative": 0.002, "unit": "m", "colour_psnr": 41.5}
    facts = {"measured": {"histogram": {"counts": [0, 4, 2, 0], "edges_relative": [1e-5, 1e-4, 1e-3, 1e-2, 1e-1]}}}
    Rendition.objects.filter(file__asset=secret).update(error=error, facts=facts)
    text = client_of(curator).get(f"/admin/runs/{run_of(secret).pk}/").content.decode()
    assert ("0.00010 m" in text, "41.5 dB" in text, "0.01 %" in text, "1 %" in text, "cms_admin/run.js" in text) == (
        True,
        True,
        True,
        True,
        False,
    )


def test_a_failure_is_told_in_the_language_of_the_page(secret: Asset, curator) -> None:
    run = run_of(secret)
    failure = {"code": "x", "message": "It broke.", "hint": "Mend it.", "retryable": True, "at": "face 17", "packed": None}
    Run.objects.filter(pk=run.pk).update(state="failed", failure=failure)
    text = client_of(curator).get(f"/admin/runs/{run.pk}/").content.decode()
    assert ("It broke." in text, "Mend it." in text, "face 17" in text, f"/admin/runs/{run.pk}/retry/" in text) == (True, True, True, True)


def test_a_failed_run_is_taken_up_again(secret: Asset, curator) -> None:
    run = run_of(secret)
    Run.objects.filter(pk=run.pk).update(state="failed", failure={"code": "x", "message": "m", "hint": "h", "retryable": True, "at": None})
    response = client_of(curator).post(f"/admin/runs/{run.pk}/retry/")
    assert (response.status_code, run_of(secret).state) == (302, "waiting")


def test_a_draft_rendition_is_served_to_its_own_curators(secret: Asset, curator, stranger) -> None:
    rendition = Rendition.objects.get(file__asset=secret)
    mine, theirs = (client_of(user).get(f"/admin/runs/renditions/{rendition.pk}/") for user in (curator, stranger))
    assert (mine.status_code, theirs.status_code) == (200, 404)
    assert (mine.headers["X-Content-Type-Options"], "sandbox" in mine.headers["Content-Security-Policy"]) == ("nosniff", True)
    assert len(b"".join(mine)) == rendition.bytes


def test_facts_are_flat_and_named() -> None:
    facts = {"triangles": 1048576, "watertight": True, "size": [0.1, 0.2], "renditions": [1], "volume": None, "deep": {"unit": "m"}}
    assert list(flat(facts)) == [
        Fact("triangles", "1,048,576"),
        Fact("watertight", "yes"),
        Fact("size", "0.1 × 0.2"),
        Fact("deep · unit", "m"),
    ]


def test_errors_are_told_by_role() -> None:
    errors = {"errors": {"lod-0": {"mean": 0.00012, "unit": "m"}, "usdz": {"mean": None}}}
    assert list(flat(errors)) == [Fact("lod-0", "0.00012 m"), Fact("usdz", "–")]


def test_an_error_without_unit_is_told_in_parts_of_the_diagonal() -> None:
    assert mean_of({"mean": 3.0, "mean_relative": 0.0025, "unit": None}) == "0.25 %"


def test_the_histogram_starts_and_ends_where_something_is() -> None:
    found = histogram({"histogram": {"counts": [0, 1, 4, 0], "edges_relative": [0.0001, 0.001, 0.01, 0.1, 1]}})
    assert found == {
        "bars": [{"x": 0.0, "width": 50.0, "y": 75.0, "height": 25.0}, {"x": 50.0, "width": 50.0, "y": 0.0, "height": 100.0}],
        "low": "0.1 %",
        "high": "10 %",
    }
    assert histogram({"histogram": {"counts": [0, 0]}}) is None
    assert histogram({}) is None


def test_the_desk_shows_what_is_mine(secret: Asset, curator, colleague, stranger) -> None:
    texts = [client_of(user).get("/admin/").content.decode() for user in (curator, colleague, stranger)]
    edit = f"/admin/assets/edit/{secret.pk}/"
    assert [edit in text for text in texts] == [True, True, False]


def test_history_is_the_own_museums(secret: Asset, curator, stranger) -> None:
    rows = [len(client_of(user).get("/admin/history/").context_data["rows"]) for user in (curator, stranger)]
    assert (rows[0] > 0, rows[1]) == (True, 0)


def test_bounds_are_told_as_size() -> None:
    assert list(flat({"bounds": {"min": [0, -1, 0.5], "max": [1, 1, 2]}})) == [Fact("size", "1 × 2 × 1.5")]


def test_isolation_is_told_once_where_all_steps_had_the_same(secret: Asset) -> None:
    run = run_of(secret)
    RunStep.objects.create(run=run, index=2, name="report", state="done", isolation=["rlimits"])
    same = (isolation_of(run), [item["isolation"] for item in steps_of(run)])
    RunStep.objects.filter(run=run, index=2).update(isolation=["rlimits", "landlock"])
    differing = (isolation_of(run), [item["isolation"] for item in steps_of(run)])
    assert (same, differing) == (("rlimits", ["", ""]), ("", ["rlimits", "rlimits, landlock"]))
