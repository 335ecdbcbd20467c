# SPDX-License-Identifier: Apache-2.0
"""The page of a run: what is known while it runs, what failed, what came out."""

from __future__ import annotations

import json

from assets import stores
from assets.models import Asset, File, Rendition
from cms.admin.labels import STEP_LABELS
from cms.admin.measured import Fact, flat, histogram, isolation_of, mean_of, steps_of
from digitize.recipe import load, names
from pipelines.models import Run, RunStep
from tests.cms.admin.conftest import client_of

BAR = {"from": [0.0, 0.0, 0.0], "to": [1.0, 0.0, 0.0], "length": 5.0, "unit": "cm"}


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
    assert ("0.10 mm" in text, "41.5 dB" in text, "0.01 %" in text, "1 %" in text, "cms_admin/run.js" in text) == (
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
    assert list(flat(errors)) == [Fact("Fine", "0.00012 m"), Fact("For Apple devices (USDZ)", "–")]


def test_an_error_without_unit_is_told_in_parts_of_the_diagonal() -> None:
    assert mean_of({"mean": 3.0, "mean_relative": 0.0025, "unit": None}) == "25 × 10⁻⁴"


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


def test_every_step_of_every_recipe_has_words() -> None:
    steps = {step.name for name in names() for step in load(name).steps}
    assert steps - set(STEP_LABELS) == set()


def test_a_proposed_orientation_says_how_sure_it_is_and_that_nobody_confirmed_it() -> None:
    stance = {"up": "y", "evidence": "proposed: rests on the widest base", "confidence": 0.48, "confirmed": False, "scores": {"x": 0.1}}
    assert list(flat({"orientation": stance})) == [
        Fact("orientation", "y · proposed: it would rest on its widest base · confidence 48.0 % · not yet confirmed by a curator")
    ]


def test_a_copy_without_loss_and_a_film_have_their_own_measures() -> None:
    assert mean_of({"mean": None, "exact": True}) == "without loss"
    assert mean_of({"mean": None, "ssim": 0.9965, "colour_psnr": 46.9}) == "46.9 dB · SSIM 0.9965"


def test_the_verdict_lists_what_falls_short(secret: Asset, curator) -> None:
    short = {"code": "verdict.mean-e4", "role": "lod-0", "params": {"role": "lod-0", "limit": "<= 2", "got": "3", "measure": "mean_e4"}}
    verdict = {"profile": "visit", "version": 1, "judged": 9, "passes": False, "shortfalls": [short]}
    digest = stores.default().put(json.dumps({"schema": "qilu.report/2", "verdict": verdict}).encode())
    Rendition.objects.filter(file__asset=secret).update(role="report", cid=digest.cid, sha256=digest.sha256, bytes=digest.size)
    client = client_of(curator)
    english = client.get(f"/admin/runs/{run_of(secret).pk}/").context_data["verdict"]
    assert (english.profile, english.passes, len(english.shortfalls)) == ("visit", False, 1)
    text = client.get(f"/admin/runs/{run_of(secret).pk}/").content.decode()
    assert english.shortfalls[0].replace("<", "&lt;") in text


def test_the_axis_is_confirmed_by_a_curator_of_the_museum_alone(secret: Asset, curator, stranger) -> None:
    run = run_of(secret)
    File.objects.filter(asset=secret).update(kind="mesh")
    Run.objects.filter(pk=run.pk).update(
        facts={"thumbnail": {"orientation": {"up": "y", "evidence": "proposed: rests on the widest base"}}}
    )
    page = client_of(curator).get(f"/admin/runs/{run.pk}/")
    assert page.context_data["declaring"]["form"]["up"].value() == "y"
    address = f"/admin/runs/{run.pk}/declare/"
    assert client_of(stranger).post(address, {"unit": "mm", "up": "y"}).status_code == 404
    assert File.objects.get(asset=secret).declared == {}
    response = client_of(curator).post(address, {"unit": "mm", "up": "y"})
    new = Run.objects.filter(file__asset=secret).exclude(pk=run.pk).get()
    assert (response.status_code, response.headers["Location"]) == (302, f"/admin/runs/{new.pk}/")
    assert (File.objects.get(asset=secret).declared, new.state, new.publish) == ({"unit": "mm", "up": "y"}, "waiting", False)


def test_what_is_declared_wrongly_is_said_beside_its_field_and_kept(secret: Asset, curator) -> None:
    run = run_of(secret)
    File.objects.filter(asset=secret).update(kind="mesh", declared={"scale": {"bars": [BAR, BAR]}})
    client = client_of(curator)
    address = f"/admin/runs/{run.pk}/declare/"
    wrong = client.post(address, {"unit": "mm", "start": "0 0", "end": "1 0 0", "length": "5"})
    form = wrong.context_data["declaring"]["form"]
    assert (wrong.status_code, sorted(form.errors), form["length"].value(), form["unit"].value()) == (422, ["start"], "5", "mm")
    assert 'value="1 0 0"' in wrong.content.decode()
    client.post(address, {"unit": "mm"})
    assert File.objects.get(asset=secret).declared == {"unit": "mm", "scale": {"bars": [BAR, BAR]}}
    Run.objects.filter(state="waiting").update(state="done")
    client.post(address, {"unit": "mm", "start": "0 0 0", "end": "(1, 0, 0)", "length": "5", "length_unit": "cm"})
    assert File.objects.get(asset=secret).declared == {"unit": "mm", "scale": BAR}


def test_a_kind_without_scale_is_not_asked_for_one_and_refuses_it(secret: Asset, curator) -> None:
    run = run_of(secret)
    File.objects.filter(asset=secret).update(kind="motion")
    client = client_of(curator)
    asked = client.get(f"/admin/runs/{run.pk}/").context_data["declaring"]["form"]
    sent = client.post(f"/admin/runs/{run.pk}/declare/", {"start": "0 0 0", "end": "1 0 0", "length": "5", "length_unit": "cm"})
    assert (asked.distance, sent.status_code, File.objects.get(asset=secret).declared) == ([], 422, {})


def test_a_picture_has_nothing_to_declare(secret: Asset, curator) -> None:
    run = run_of(secret)
    sent = client_of(curator).post(f"/admin/runs/{run.pk}/declare/", {"unit": "mm"})
    assert (sent.status_code, File.objects.get(asset=secret).declared, Run.objects.count()) == (302, {}, 1)
