"""What the demo company wrote: whole in both languages, and as the forms would take it."""

import pytest

from banso.assets.forms import problems
from banso.core.conditions import load
from banso.core.scripts import script_of
from banso.demo import names
from banso.demo.wordings import asset_words, kind_words, play_words
from banso.plays.steps import KINDS

ASSETS, PLAYS = asset_words(), play_words()
LANGUAGES = ("ja", "en")


def written():
    return [(asset, text) for asset in ASSETS for text in asset.texts]


def test_there_are_twenty_five_assets_of_every_kind():
    kinds = [each.kind for each in ASSETS]
    assert len(ASSETS) == 25
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "guide": 10, "script": 6, "template": 5, "story": 4,
    }  # fmt: skip
    assert sum(len(each.texts) > 1 for each in ASSETS) == 3
    assert {each.audience for each in ASSETS} == {"internal", "customers", "public"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_and_without_a_lost_link_or_field(language):
    for asset, text in written():
        assert text.title[language], asset.key
        assert 150 < len(text.body[language]) < 1_500, asset.key
        assert not list(problems(asset.kind, text.body[language], ())), asset.key


def test_a_script_has_the_same_checklists_and_branches_in_both_languages():
    for asset, text in written():
        if asset.kind == "script":
            ja, en = (script_of(text.body[each], {}) for each in LANGUAGES)
            assert len(ja.steps) == len(en.steps), asset.key
            assert len(ja.ticks) == len(en.ticks) >= 3, asset.key
            assert [len(each.branches) for each in ja.forks] == [
                len(each.branches) for each in en.forks
            ], asset.key


def test_the_plays_name_what_there_is():
    assert len(PLAYS) == 12
    assets = {each.key: each for each in ASSETS}
    for first in PLAYS:
        for each in filter(None, (first, first.adjusted)):
            load(each.condition)
            assert set(each.kinds) <= set(kind_words())
            for step in each.steps:
                assert step.kind in KINDS
                assert bool(step.asset) == (step.kind in ("guide", "script", "message"))
                if step.asset:
                    assert assets[step.asset].week <= each.week, step.asset


def test_what_is_said_in_talks_is_there_for_every_script_and_ending():
    told = names.words("year")
    scripts = {step.asset for each in PLAYS for step in each.steps if step.kind == "script"}
    assert scripts == set(told["talks"])
    for endings in told["talks"].values():
        assert set(endings) == {"reached", "partly", "not_reached"}
    for kind in told["barriers"]:
        assert kind["kind"] in kind_words()


def test_every_case_tells_a_play_in_both_languages():
    told = names.words("cases")
    assert set(told) - {"consent"} <= {each.key for each in PLAYS}
    endings = [code for key, each in told.items() if key != "consent" for code in each]
    assert sum(code.startswith("success") for code in endings) >= 10
    assert sum(code.startswith("failure") for code in endings) >= 5
