"""A talk script's steps, checklists and branches."""

from banso.core.scripts import Branch, Checklist, Fork, Prose, script_of
from tests.assets.making import EN, JA


def test_headings_are_steps_with_their_ticks_and_branches():
    script = script_of(EN, {})
    assert [each.title for each in script.steps] == [
        "",
        "Opening",
        "When it goes well",
        "When they are stuck",
    ]
    assert [type(part) for part in script.steps[1].parts] == [Prose, Checklist, Prose, Fork]
    assert [(each.number, each.text) for each in script.ticks] == [
        (1, "Asked what it is for"),
        (2, "Asked until when"),
        (3, "Agreed the next day"),
    ]
    assert script.forks[0].branches == (
        Branch("when-it-goes-well", "It goes well"),
        Branch("when-they-are-stuck", "They are stuck"),
    )


def test_both_languages_are_read_alike():
    ja, en = script_of(JA, {}), script_of(EN, {})
    assert len(ja.ticks) == len(en.ticks)
    assert {each.to for each in ja.forks[0].branches} <= {each.anchor for each in ja.steps}


def test_lists_that_are_neither_stay_prose():
    text = "# A\n\n- [ ] tick\n- no tick\n\n- [out](https://example.jp)\n\n- see [B](#b) too\n\n# B"
    [first, _] = script_of(text, {}).steps
    assert [type(part) for part in first.parts] == [Prose]
    assert not script_of(text, {}).ticks


def test_a_checklist_and_branches_may_follow_one_another():
    script = script_of("# A\n\n- [ ] tick\n\n- [B](#b)\n- [A](#a)\n\n# B", {})
    assert [type(part) for part in script.steps[0].parts] == [Checklist, Fork]


def test_a_tick_keeps_its_markup_and_a_nested_list_is_prose():
    script = script_of("- [ ] **say** it\n\n1. [x] done\n\n- [ ] outer\n  - inner", {})
    assert [each.html for each in script.ticks] == ["<strong>say</strong> it", "done"]
