"""A company's own nouns in finished sentences: number, case, article; nothing else moves."""

import pytest

from banso.core.lexicon import NOUNS, Lexicon, problem_of

MEMBERS = Lexicon(
    {
        "customer": {"ja": "会員企業", "one": "alumnus", "many": "alumni"},
        "gap": {"ja": "差分", "one": "distance"},
        "action": {"ja": "宿題", "one": "task", "many": "tasks"},
    }
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Customers", "Alumni"),
        ("a customer", "an alumnus"),
        ("A customer’s gap", "An alumnus’s distance"),
        ("The customer's name", "The alumnus's name"),
        ("gaps and customers", "distance and alumni"),
        ("an open customer", "an open alumnus"),
        ("Add a next step", "Add a task"),
        ("NEXT STEPS", "Tasks"),
        ("Customer success", "Customer success"),
        ("customer_id", "customer_id"),
        ("customers.csv", "customers.csv"),
        ("the customers. Then", "the alumni. Then"),
        ("/customers/new", "/customers/new"),
        ("%(customer)s: a customer", "%(customer)s: an alumnus"),
        ('<a href="/customer">customer</a>', '<a href="/customer">alumnus</a>'),
        ("customary gapless", "customary gapless"),
    ],
)
def test_english(text, said):
    assert MEMBERS.say(text, "en") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("お客様へ", "会員企業へ"),
        ("ギャップとアクション", "差分と宿題"),
        ("ギャップは", "差分は"),
        ("リアクション", "リアクション"),
        ("接点・アクション・契約", "接点・宿題・契約"),
        ("アクションプラン", "アクションプラン"),
        ("%(お客様)sのお客様", "%(お客様)sの会員企業"),
        ("サクセスプラン", "サクセスプラン"),
    ],
)
def test_japanese(text, said):
    assert MEMBERS.say(text, "ja") == said


@pytest.mark.parametrize(
    ("word", "text"),
    [("user", "a user"), ("account", "an account"), ("university", "a university"),
     ("uncle", "an uncle"), ("European", "a European"), ("hospital", "a hospital")],
)  # fmt: skip
def test_the_article_fits(word, text):
    own = Lexicon({"customer": {"one": word}})
    assert own.say("a customer", "en") == text


def test_without_words_every_sentence_stays():
    for noun in NOUNS.values():
        for text in (noun.ja, noun.one, noun.many):
            assert Lexicon({}).say(text, "en") == Lexicon({}).say(text, "ja") == text


@pytest.mark.parametrize("word", ["<b>", "100%", "%(x)s", "", " ", "a&b", '"', "{{ x }}", "x" * 41])
def test_what_is_no_word_is_refused_and_never_said(word):
    assert problem_of(word)
    assert Lexicon({"customer": {"ja": word, "one": word}}).say("customer", "en") == "customer"
    assert Lexicon({"customer": {"ja": word, "one": word}}).say("お客様", "ja") == "お客様"


@pytest.mark.parametrize("word", ["会員企業", "受講生", "パートナー", "work-study member", "A・B"])
def test_words_people_use(word):
    assert problem_of(word) is None
