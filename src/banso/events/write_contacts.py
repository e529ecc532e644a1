"""Contact rows, and the last contact in a 顧客台帳, become contacts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from banso.actions.models import Contact
from banso.base.workspace import workspace
from banso.core.text import key
from banso.engagements.models import Engagement
from banso.events.batch import Batch, folded
from banso.events.homes import Home
from banso.events.models import ExternalId
from banso.events.rows import Read, bounded
from banso.parties.models import Membership

type Known = tuple[Read, ExternalId]


def create(batch: Batch, reads: Sequence[Read], homes: Mapping[str, Home]) -> None:
    """New contacts; a person named is linked when the account knows them, else stays in words."""
    members = _members([homes[read.account].party_id for read in reads])
    rows, people = [], []
    for read in reads:
        home = homes[read.account]
        named = read.values.get("person")
        person = members[home.party_id].get(key(named)) if named else None
        rows.append(_contact(batch, home.engagement_id, read.values, spoken_to=person))
        people.append(person)
    contacts = Contact.objects.bulk_create(rows)
    Contact.people.through._default_manager.bulk_create(
        Contact.people.through(contact_id=contact.pk, party_id=person)
        for contact, person in zip(contacts, people, strict=True)
        if person
    )
    batch.made("contact", contacts)
    batch.name_ids("contact", zip(reads, contacts, strict=True), "contact")
    batch.engagements.update(contact.engagement_id for contact in contacts)
    batch.imported += len(reads)


def update(batch: Batch, known: Sequence[Known], homes: Mapping[str, Home]) -> None:
    """A contact's id holds all it says but the person, who is added."""
    rows = Contact.objects.in_bulk([each.contact_id for _, each in known])
    members = _members([homes[read.account].party_id for read, _ in known])
    for read, each in known:
        person = members[homes[read.account].party_id].get(key(read.values.get("person", "")))
        if person:
            rows[each.contact_id].people.add(person)
        batch.remember(read, each)
        batch.imported += 1


def take_last(batch: Batch, taken: Sequence[tuple[Read, Engagement]]) -> None:
    """The last contact that account rows name: a contact of which only the day is known."""
    zone = ZoneInfo(workspace().timezone)
    found, homes = [], {}
    for read, engagement in taken:
        if day := read.values.get("last_contact_on"):
            at = datetime.combine(date.fromisoformat(day), time(), zone).isoformat()
            values = {"occurred_at": at, "channel": Contact.Channel.OTHER}
            own = bounded(f"{read.account}@{day}")
            found.append(Read(read.line, own, read.account, values))
            homes[read.account] = Home(engagement.pk, engagement.party_id)
    ids = ExternalId.objects.filter(
        source=batch.owner.source_id, kind="contact", value__in=[read.id for read in found]
    )
    known = set(ids.values_list("value", flat=True))
    before = batch.imported
    create(batch, [read for read in found if read.id not in known], homes)
    batch.imported = before


def _contact(
    batch: Batch, engagement: int, values: Mapping[str, Any], *, spoken_to: int | None
) -> Contact:
    staff = values.get("staff", "")
    named = values.get("person", "")
    words = [] if spoken_to or not named else [f"[{named}]"]
    return Contact(
        engagement_id=engagement,
        channel=values.get("channel", Contact.Channel.OTHER),
        occurred_at=datetime.fromisoformat(values["occurred_at"]),
        by_id=batch.staff.get(folded(staff)) if staff else None,
        staff_name=staff,
        summary=" ".join([*words, values.get("summary", "")]).strip(),
    )


def _members(homes: Sequence[int]) -> dict[int, dict[str, int]]:
    """The people of each party by the key of their name."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = Membership.objects.filter(home__in=set(homes), person__merged_into=None)
    for home, name, person in rows.order_by("-id").values_list(
        "home_id", "person__name_key", "person_id"
    ):
        found[home][name] = person
    return found
