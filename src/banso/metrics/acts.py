"""What our own acts are called: the verbs of activities about a customer."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTS: Mapping[str, Promise] = {
    "contact.recorded": _("a contact recorded"),
    "contact.corrected": _("a contact corrected"),
    "contact.withdrawn": _("a contact withdrawn"),
    "action.added": _("a next step added"),
    "action.changed": _("a next step changed"),
    "action.closed": _("a next step closed"),
    "action.reopened": _("a next step reopened"),
    "action.shown": _("next steps shown to the customer"),
    "goal.stated": _("a purpose written down"),
    "goal.targets_set": _("targets set"),
    "goal.agreed": _("a success plan agreed"),
    "goal.shared": _("a success plan shared"),
    "link.made": _("a link to the success plan made"),
    "link.opened": _("the shared success plan opened"),
    "link.revoked": _("a link to the success plan revoked"),
    "reply.received": _("a reply of the customer received"),
    "stage.moved": _("a customer moved to another stage"),
    "measurement.entered": _("a value typed in"),
    "comment.written": _("a comment written"),
    "asset.shown": _("an asset shown"),
    "asset.followed": _("a talk script followed"),
    "asset.finished": _("an asset finished by the customer"),
    "asset.reacted": _("a reaction to an asset"),
    "walkthrough.logged": _("a scripted talk logged"),
    "alert.raised": _("a change raised"),
    "alert.seen": _("a change seen"),
    "alert.acted": _("a change acted upon"),
    "set_aside.begun": _("a customer set aside"),
    "set_aside.ended": _("a customer taken up again"),
    "owner.assigned": _("an owner assigned"),
    "engagement.added": _("a customer added"),
    "engagement.ended": _("a customer relationship ended"),
    "engagement.resumed": _("a customer relationship resumed"),
    "engagement.sorted": _("a touch set"),
    "engagement.handed_over": _("a customer handed over"),
    "contract.added": _("a contract added"),
    "contract.changed": _("a contract changed"),
    "person.added": _("a person added"),
}


def act_name(verb: str) -> str:
    """The verb in words; "" for one without."""
    return str(ACTS.get(verb, ""))
