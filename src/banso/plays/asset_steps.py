"""Steps with an asset: a guide that is shown, a talk script that is followed in a talk.

They become actions of the owner, done by themselves once the asset was shown or the talk logged;
who ticks the action off instead says that it was shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.actions.models import Action
from banso.assets.models import Asset, Showing, Walkthrough
from banso.assets.use import show
from banso.base.fields import localized
from banso.base.models import User
from banso.plays.models import StepRun
from banso.plays.steps import StepKind, given, offer_step
from banso.web.formats import language

SHOWN = (Asset.Kind.GUIDE, Asset.Kind.STORY)
SINCE = {"engagement": OuterRef("intervention__engagement")}


@dataclass(frozen=True)
class Asked:
    """What an open action of a play is done with: the asset's kind, uid and title."""

    kind: str
    uid: str
    title: str


def begin_guide(run: StepRun) -> Action:
    """An action to show them the guide."""
    return given(run, titled(run, lambda: _("Show them: %(about)s")))


def begin_script(run: StepRun) -> Action:
    """An action to talk with them along the script."""
    return given(run, titled(run, lambda: _("Talk with the script: %(about)s")))


def titled(run: StepRun, wording: Callable[[], str]) -> Callable[[User], str]:
    def title(owner: User) -> str:
        with translation.override(owner.language):
            return wording() % {"about": localized(run.step.words, owner.language)}

    return title


def was_shown() -> Exists:
    """The asset was shown to them since the step began."""
    rows = Showing.objects.filter(**SINCE, asset__uid=OuterRef("step__thing"))
    return Exists(rows.filter(at__gte=OuterRef("begun_at")))


def was_followed() -> Exists:
    """A talk along the script was logged since the step began."""
    rows = Walkthrough.objects.filter(**SINCE, version__asset__uid=OuterRef("step__thing"))
    return Exists(rows.filter(contact__isnull=False, ended_at__gte=OuterRef("begun_at")))


def note_shown(run: StepRun) -> None:
    """Its action is done, so it was shown; not twice where that is written already."""
    row, action = run.intervention, run.action
    version = Asset.objects.select_related("current").get(uid=run.step.thing).current
    assert action is not None and run.begun_at is not None
    seen = Showing.objects.filter(engagement=row.engagement, asset__uid=run.step.thing)
    if version is None or seen.filter(at__gte=run.begun_at).exists():
        return
    show(
        version=version,
        engagement=row.engagement,
        by=action.closed_by,
        way=Showing.Way.PLAY,
        at=action.closed_at,
        once=f"step:{run.pk}",
    )


def in_force(*kinds: str) -> Callable[[], Sequence[tuple[str, str]]]:
    """The assets of these kinds that a step may use, by title."""

    def choices() -> Sequence[tuple[str, str]]:
        rows = Asset.objects.filter(kind__in=kinds, retired_at=None, current__isnull=False)
        told = rows.values_list("uid", "title")
        return sorted(((uid, localized(title, language())) for uid, title in told), key=by_title)

    return choices


def by_title(choice: tuple[str, str]) -> str:
    return choice[1]


def asked_by(actions: Sequence[Action]) -> dict[int, Asked]:
    """By action (read with `step_run__step`): the asset that a play's step named; one statement
    where there is any."""
    things = {each.pk: run.step.thing for each in actions if (run := run_of(each))}
    rows = Asset.objects.filter(uid__in=set(things.values()), retired_at=None) if things else ()
    assets = {each.uid: each for each in rows}
    return {
        number: Asked(asset.kind, asset.uid, localized(asset.title, language()))
        for number, uid in things.items()
        if (asset := assets.get(uid))
    }


def run_of(action: Action) -> StepRun | None:
    """The step of a play that the action does."""
    found: StepRun | None = getattr(action, "step_run", None)
    return found if found is not None and found.step.thing else None


def offer_asset_steps() -> None:
    """The kinds of steps that use an asset."""
    offer_step(
        StepKind(
            "guide",
            gettext_lazy("Guide"),
            "book-open",
            begin_guide,
            asks=True,
            things=in_force(*SHOWN),
            made=was_shown,
            end=note_shown,
        )
    )
    offer_step(
        StepKind(
            "script",
            gettext_lazy("Talk script"),
            "messages-square",
            begin_script,
            asks=True,
            things=in_force(Asset.Kind.SCRIPT),
            made=was_followed,
        )
    )
