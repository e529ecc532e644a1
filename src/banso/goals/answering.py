"""How we answer a "not quite": a step for whoever looks after them, the next working day."""

from django.utils import translation
from django.utils.translation import gettext as _

from banso.actions.actions import NextStep
from banso.base.models import Role, StaffGrant, User
from banso.base.workspace import local_today, next_working_day
from banso.goals.models import ShareLink


def answering_step(link: ShareLink, name: str) -> NextStep:
    """The step that `name`'s words ask for, in the language of who owns it."""
    owner = answerer(link)
    with translation.override(owner.language):
        title = _("Answer %(name)s, who says the plan is not quite right") % {"name": name}
    return NextStep(title, owner, next_working_day(local_today()))


def answerer(link: ShareLink) -> User:
    """The customer's owner, else who made the link, else the first administrator in post."""
    engagement = link.version.goal.engagement
    owner = engagement.owner if engagement else None
    in_post = StaffGrant.objects.filter(ended_at=None).select_related("user").order_by("id")
    for user in (owner, link.made_by):
        if user is not None and in_post.filter(user=user).exists():
            return user
    return in_post.filter(role=Role.ADMIN)[:1].get().user
