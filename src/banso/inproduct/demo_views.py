"""A page of an invented product, in the demo company only: a guide comes up in it as it would in a
real one, under a strict content policy and without anything of ours but the one script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

from banso.assets.actions import LANGUAGES
from banso.base.models import User
from banso.base.routes import StaffRequest
from banso.core.signed_identity import Identity, signed
from banso.engagements.access import readable
from banso.events.models import ExternalId, Source
from banso.ingest.models import Subject
from banso.inproduct.models import Embedding
from banso.inproduct.pages import browser_key
from banso.inproduct.signing import open_secrets
from banso.web.formats import language

PEOPLE = 12
SCREENS = ("home", "invoices", "reports")
VALID = timedelta(hours=1)
STRICT = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}


@dataclass(frozen=True)
class Persona:
    """Somebody who may be signed in to the product."""

    person: str
    account: str
    name: str
    company: str


@dataclass(frozen=True)
class DemoPage:
    language: str
    screen: str
    people: Sequence[Persona]
    chosen: Persona | None
    key: str
    token: str


@csp_override(STRICT)
def product(request: StaffRequest, screen: str) -> HttpResponse:
    """One of its pages; `person` chooses who is signed in there, nobody by default."""
    embedding = Embedding.objects.select_related("source").order_by("-id").first()
    if not request.workspace.synthetic or embedding is None or screen not in SCREENS:
        raise Http404
    asked = request.GET.get("lang", "")
    spoken = asked if asked in LANGUAGES else language()
    page = demo_page(embedding.source, request, screen, spoken)
    with translation.override(spoken):
        return render(request, "inproduct/demo/product.html", {"page": page})


def demo_page(source: Source, request: StaffRequest, screen: str, spoken: str) -> DemoPage:
    people = personas(source, request.user)
    asked = request.GET.get("person", "")
    chosen = next((each for each in people if each.person == asked), None)
    return DemoPage(
        language=spoken,
        screen=screen,
        people=people,
        chosen=chosen,
        key=browser_key(source),
        token=token_of(source, chosen, spoken) if chosen else "",
    )


def token_of(source: Source, chosen: Persona, spoken: str) -> str:
    """As the server of the product would sign it; "" where it has no key."""
    secrets = open_secrets(source.pk)
    if not secrets:
        return ""
    identity = Identity(chosen.person, chosen.account, spoken)
    return signed(identity, secret=secrets[-1], until=timezone.now() + VALID)


def personas(source: Source, user: User) -> list[Persona]:
    """The first few people the product told of, of customers that `user` may read."""
    told = Subject.objects.filter(source=source, kind=Subject.Kind.PERSON).exclude(account="")
    pairs = list(told.order_by("value").values_list("value", "account")[:PEOPLE])
    ids = ExternalId.objects.filter(source=source)
    accounts = ids.filter(readable(user), kind=ExternalId.Kind.ACCOUNT)
    companies = dict(
        accounts.filter(value__in={account for _, account in pairs}).values_list(
            "value", "engagement__party__name"
        )
    )
    people = ids.filter(kind=ExternalId.Kind.PERSON, value__in=[person for person, _ in pairs])
    names = dict(people.values_list("value", "party__name"))
    return [
        Persona(person, account, names[person], companies[account])
        for person, account in pairs
        if person in names and account in companies
    ]
