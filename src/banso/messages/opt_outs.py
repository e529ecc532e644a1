"""Who wants no more messages: by the link of one, without a sign-in, or told to a colleague."""

from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from banso.base.activity import record
from banso.base.models import User
from banso.engagements.models import Engagement
from banso.messages.models import Bounce, Message, OptOut
from banso.messages.people import address_key
from banso.parties.models import Party

SALT = "banso.messages.stop"


def stop_address(message: Message) -> str:
    """The signed address that ends messages to whoever got this one; it does nothing else."""
    return reverse("message-stop", args=[signing.Signer(salt=SALT).sign(message.uid)])


def message_of(secret: str) -> Message | None:
    """The message whose address this is; None for an invented one."""
    try:
        uid = signing.Signer(salt=SALT).unsign(secret)
    except signing.BadSignature:
        return None
    rows = Message.objects.select_related("person", "engagement")
    return rows.filter(uid=uid).first()


def stopped(message: Message) -> bool:
    return OptOut.objects.filter(person=message.person_id, ended_at=None).exists()


@transaction.atomic
def stop(
    *,
    person: Party,
    engagement: Engagement,
    way: str,
    address: str = "",
    message: Message | None = None,
    by: User | None = None,
) -> bool:
    """They want no more messages; False where they did so before."""
    words = {"way": way, "message": message, "by": by, "at": timezone.now()}
    try:
        with transaction.atomic():
            OptOut.objects.create(person=person, address=address_key(address), **words)
    except IntegrityError:
        return False
    told = {"engagement_id": engagement.pk, "subject_id": person.pk}
    record("opt_out.begun", actor=by, detail={"way": way}, **told)
    return True


@transaction.atomic
def allow(*, person: Party, engagement: Engagement, by: User) -> bool:
    """They asked for messages again; False where nothing stood against it."""
    mine = OptOut.objects.filter(person=person, ended_at=None)
    if not mine.update(ended_at=timezone.now(), ended_by=by):
        return False
    record("opt_out.ended", actor=by, engagement_id=engagement.pk, subject_id=person.pk)
    return True


@transaction.atomic
def lift(*, person: Party, engagement: Engagement, address: str, by: User) -> bool:
    """The address works again; False where none had bounced."""
    hard = Bounce.objects.filter(address=address_key(address), kind=Bounce.Kind.HARD)
    if not hard.filter(lifted_at=None).update(lifted_at=timezone.now(), lifted_by=by):
        return False
    record("bounce.lifted", actor=by, engagement_id=engagement.pk, subject_id=person.pk)
    return True
