"""Steps that do something by themselves: a message to whom we know there, a posting elsewhere."""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.actions.models import Action
from banso.assets.models import Asset
from banso.base.activity import record
from banso.base.fields import localized
from banso.base.models import User
from banso.messages import webhooks
from banso.messages.actions import Cause, write
from banso.messages.models import Message
from banso.messages.people import main_readers, readers_at
from banso.plays.asset_steps import in_force
from banso.plays.models import StepRun
from banso.plays.steps import StepKind, given, offer_step


def begin_message(run: StepRun) -> Action | None:
    """Write to the main contacts. Where nothing could be written to anybody, that is recorded and,
    where there is an owner, becomes an action to write by hand."""
    if any(row.state == Message.State.WAITING for row in written(run)):
        return None
    engagement = run.intervention.engagement
    detail = {"intervention": run.intervention_id, "step": run.step_id}
    record("message.nobody", actor=None, engagement_id=engagement.pk, detail=detail)
    if engagement.owner_id is None:
        return None

    def by_hand(owner: User) -> str:
        with translation.override(owner.language):
            about = localized(run.step.words, owner.language)
            return _("Nobody could be mailed; write by hand: %(about)s") % {"about": about}

    return given(run, by_hand)


def written(run: StepRun) -> list[Message]:
    """What the step wrote to whom, held back or not; nothing where its template is gone."""
    asset = Asset.objects.select_related("current").filter(uid=run.step.thing).first()
    if asset is None or asset.current is None or asset.retired_at is not None:
        return []
    engagement = run.intervention.engagement
    readers = main_readers(engagement, readers_at(engagement))
    cause = Cause(f"step {run.pk}", Message.Why.PLAY, run.intervention.play.name)
    return write(
        engagement=engagement, version=asset.current, readers=readers, cause=cause, by=None
    )


def begin_webhook(run: StepRun) -> None:
    """Post which customer the step began for, by uids only."""
    given_to = run.intervention
    payload = {
        "type": "play.step",
        "customer": given_to.engagement.uid,
        "play": given_to.play.uid,
        "intervention": given_to.uid,
        "occasion": given_to.occasion,
        "step": run.step.position + 1,
        "due_on": run.due_on.isoformat(),
    }
    webhooks.put(engagement=given_to.engagement, once=f"step {run.pk}", payload=payload)


def offer_sending() -> None:
    """The kinds that send something."""
    templates, message = in_force(Asset.Kind.TEMPLATE), gettext_lazy("Message")
    offer_step(StepKind("message", message, "mail", begin_message, things=templates))
    offer_step(StepKind("webhook", gettext_lazy("Webhook"), "webhook", begin_webhook))
