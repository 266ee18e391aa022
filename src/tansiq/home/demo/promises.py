"""What the national level owes its places: given, confirmed, disputed, late, due."""

from datetime import date, datetime, timedelta

from tansiq.access.actor import Actor
from tansiq.access.models import Place
from tansiq.home.demo.nation import Nation
from tansiq.plans.actions.duties import (
    confirm_receipt,
    dispute_receipt,
    give_to_places,
    next_due_on,
    remind,
    update_delivery,
)
from tansiq.plans.models import Action, ActionStatus, Delivery

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
    """The deliveries of one country, in rounds: a duty falls due for all places on one day.

    What is given owes the next round; the last round before the end goes oddly here and there.
    """

    def __init__(self, nation: Nation) -> None:
        self.nation, self.story, self.content = nation, nation.story, nation.content

    def plan(self) -> None:
        for duty in self.nation.plan.actions.duties().order_by("position", "pk"):
            first = duty.deliveries.order_by("due_on").values_list("due_on", flat=True).first()
            if first is not None:
                self._plan_round(duty, first)

    def _plan_round(self, duty: Action, due_on: date) -> None:
        if due_on >= self.story.at.date():
            return
        deliveries = list(
            duty.deliveries.filter(due_on=due_on)
            .select_related("action__plan", "place")
            .order_by("pk")
        )
        if not deliveries:
            return
        following = next_due_on(deliveries[0])
        is_latest = following is None or following >= self.story.at.date()
        ends = {one: self._end_of(one) if is_latest else "confirmed" for one in deliveries}
        plainly = [one for one, end in ends.items() if end in {"confirmed", "disputed"}]
        given_on = due_on - timedelta(days=4)
        self.story.on(given_on, lambda at: self._give(duty, plainly, at))
        if following is not None:
            self.story.on(due_on, lambda _at: self._plan_round(duty, following))
        for delivery, end in ends.items():
            self._plan_end(delivery, end)

    def _plan_end(self, delivery: Delivery, end: str) -> None:
        due_on, latest = delivery.due_on, self.story.at.date() - timedelta(days=9)
        if end == "confirmed" and self._confirms(delivery):
            received = due_on + timedelta(days=3 + delivery.pk % 6)
            self.story.on(received, lambda at: self._confirm(delivery, at))
        if end == "disputed":
            self.story.on(max(due_on, latest), lambda at: self._dispute(delivery, at))
        if end == "unconfirmed":
            days = 2 + delivery.pk % 4
            self.story.ago(days, lambda at: self._promise(delivery, ActionStatus.DONE, at))
        if end in {"at_risk", "late"}:
            status = ActionStatus.AT_RISK if end == "at_risk" else ActionStatus.DELAYED
            self.story.on(due_on, lambda at: self._promise(delivery, status, at))
        if end == "late":
            self.story.ago(5, lambda at: self._remind(delivery, at))

    def _give(self, duty: Action, deliveries: list[Delivery], at: datetime) -> None:
        give_to_places(duty, deliveries, on=at.date(), by=self.nation.by, at=at)

    def _confirms(self, delivery: Delivery) -> bool:
        """Return whether the place confirms; where nobody signs in, not all do."""
        return self._turn(delivery.place) == 0 or delivery.pk % 3 == 0

    def _end_of(self, delivery: Delivery) -> str:
        turn = self._turn(delivery.place)
        ends = ENDS.get(delivery.action.code, ("confirmed",))
        return ends[turn % len(ends)]

    def _turn(self, place: Place) -> int:
        """Return the place's turn: those with somebody to sign in come first."""
        codes = [one.code for one in self.nation.places]
        spoken_for = self.nation.cast.actor(self.nation.government(place)).is_signed_in
        return 0 if spoken_for else 1 + codes.index(place.code)

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
