"""What the national level owes its places: given, confirmed, disputed, late, due."""

from datetime import datetime, timedelta

from tansiq.access.actor import Actor
from tansiq.access.models import Place
from tansiq.home.demo.nation import Nation
from tansiq.plans.actions.duties import (
    confirm_receipt,
    dispute_receipt,
    next_due_on,
    remind,
    update_delivery,
)
from tansiq.plans.models import ActionStatus, Delivery

# How the latest delivery of each duty ends, by the place's turn. A mayor who looks at the desk
# finds one to confirm, one late, and some to come.
ENDS = {
    "D1": ("unconfirmed", "confirmed", "confirmed", "unconfirmed"),
    "D2": ("late", "disputed", "confirmed", "confirmed"),
    "D3": ("confirmed", "confirmed", "at_risk", "confirmed"),
    "D4": ("confirmed", "unconfirmed", "confirmed", "confirmed"),
    "D5": ("confirmed", "confirmed", "unconfirmed", "confirmed"),
}


class Promises:
    """The deliveries of one country; each that is given owes the next one."""

    def __init__(self, nation: Nation) -> None:
        self.nation, self.story, self.content = nation, nation.story, nation.content

    def plan(self) -> None:
        deliveries = Delivery.objects.filter(action__plan=self.nation.plan)
        for delivery in deliveries.select_related("action__plan", "place").order_by("pk"):
            self._plan(delivery)

    def _plan(self, delivery: Delivery) -> None:
        """Plan when a delivery is given and confirmed; the one that ends the row ends oddly."""
        if delivery.due_on >= self.story.at.date():
            return
        following = next_due_on(delivery)
        is_latest = following is None or following >= self.story.at.date()
        end = self._end_of(delivery) if is_latest else "confirmed"
        given_on = delivery.due_on - timedelta(days=2 + delivery.pk % 5)
        if end in {"late", "at_risk"}:
            status = ActionStatus.DELAYED if end == "late" else ActionStatus.AT_RISK
            self.story.on(given_on, lambda at: self._promise(delivery, status, at))
            if end == "late":
                self.story.ago(5, lambda at: self._remind(delivery, at))
            return
        if end == "unconfirmed":
            self.story.ago(2 + delivery.pk % 4, lambda at: self._give(delivery, at))
            return
        self.story.on(given_on, lambda at: self._give(delivery, at))
        received = delivery.due_on + timedelta(days=3 + delivery.pk % 6)
        if end == "disputed":
            self.story.ago(9, lambda at: self._dispute(delivery, at))
        else:
            self.story.on(received, lambda at: self._confirm(delivery, at))

    def _end_of(self, delivery: Delivery) -> str:
        turn = self._turn(delivery.place)
        ends = ENDS.get(delivery.action.code, ("confirmed",))
        return ends[turn % len(ends)]

    def _turn(self, place: Place) -> int:
        """Return the place's turn: those with somebody to sign in come first."""
        codes = [one.code for one in self.nation.places]
        spoken_for = self.nation.cast.actor(self.nation.government(place)).is_signed_in
        return 0 if spoken_for else 1 + codes.index(place.code)

    def _give(self, delivery: Delivery, at: datetime) -> None:
        self._promise(delivery, ActionStatus.DONE, at)
        due_on = next_due_on(delivery)
        if due_on is None:
            return
        following = Delivery.objects.filter(
            action=delivery.action, place=delivery.place, due_on=due_on
        )
        for one in following.select_related("action__plan", "place"):
            self._plan(one)

    def _promise(self, delivery: Delivery, status: str, at: datetime) -> None:
        name = "given" if status == ActionStatus.DONE else "late"
        delivery.refresh_from_db()
        update_delivery(
            delivery,
            status=status,
            note=self.content.phrase(name),
            revision=delivery.revision,
            by=self.nation.by,
            at=at,
        )

    def _confirm(self, delivery: Delivery, at: datetime) -> None:
        confirm_receipt(delivery, by=self._place(delivery), at=at)

    def _dispute(self, delivery: Delivery, at: datetime) -> None:
        note = self.content.phrase("disputed")
        dispute_receipt(delivery, note=note, by=self._place(delivery), at=at)

    def _remind(self, delivery: Delivery, at: datetime) -> None:
        remind(delivery, by=self._place(delivery), at=at)

    def _place(self, delivery: Delivery) -> Actor:
        return self.nation.cast.actor(self.nation.government(delivery.place))
