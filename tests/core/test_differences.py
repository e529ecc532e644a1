"""What differs between two texts."""

from banso.core.differences import Run, differences


def test_words_within_a_changed_line_in_both_languages():
    [line] = differences("契約を更新します。", "契約を延長します。")
    assert line.runs == (
        Run("same", "契約を"),
        Run("gone", "更新"),
        Run("new", "延長"),
        Run("same", "します。"),
    )
    [line] = differences("call them today", "call us today")
    assert Run("gone", "them") in line.runs


def test_unchanged_lines_are_folded_but_for_their_neighbours():
    before = "\n".join("abcdefg")
    found = differences(before, before.replace("e", "x"))
    assert [each.skipped for each in found] == [3, 0, 0]
    assert [each.changed for each in found] == [False, True, False]


def test_alike_texts_differ_in_nothing_and_long_lines_are_told_whole():
    assert differences("a\nb", "a\nb") == []
    [line] = differences("あ" * 5000, "い" * 5000)
    assert [each.kind for each in line.runs] == ["gone", "new"]


def test_both_texts_can_be_read_from_the_difference():
    before, after = "one\ntwo\nthree", "one\n2\nthree\nfour"
    lines = differences(before, after)
    for kinds, text in ((("same", "gone"), before), (("same", "new"), after)):
        told = ["".join(r.text for r in line.runs if r.kind in kinds) for line in lines]
        assert [each for each in told if each] == text.splitlines()
