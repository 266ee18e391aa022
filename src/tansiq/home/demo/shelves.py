"""What everybody gets of the demo's plans: documents on their shelves, and an office to reach."""

from datetime import datetime, timedelta
from typing import Any

from tansiq.access.actor import Actor
from tansiq.core.documents import model
from tansiq.core.documents.pdf import as_pdf
from tansiq.core.uploads import CleanFile
from tansiq.home.demo.content import FICTIONAL, Words, marked, read_content
from tansiq.home.demo.nation import Nation
from tansiq.plans.actions.public import add_document, publish_contact
from tansiq.plans.models import Plan


class Shelves:
    """The documents of one country's public plans, put there as time went on."""

    def __init__(self, nation: Nation) -> None:
        self.nation, self.words = nation, read_content("shelves")

    def plan(self) -> None:
        for row in self.words.rows("document"):
            self.nation.story.ago(row["days"], self._put(row))
        self.nation.story.ago(60, self._name_office)

    def _say(self, words: Words) -> str:
        return self.nation.content.say(words)

    def _put(self, row: dict[str, Any]) -> Any:
        def step(at: datetime) -> None:
            owner = self._shelf(row["on"])
            if owner is None:
                return
            plan, by = owner
            title = self._say(marked(row["title"], FICTIONAL))
            details = {
                "title": title,
                "kind": row["kind"],
                "language": plan.language,
                "dated_on": at.date() - timedelta(days=2),
                "marking": row["marking"],
            }
            file = self._file(title, self._say(row["text"]), plan, is_pdf=row.get("pdf"), at=at)
            add_document(plan, file, details=details, by=by, at=at)

        return step

    def _shelf(self, where: str) -> tuple[Plan, Actor] | None:
        """Return the national plan, or the local one that is public, and who keeps its shelf."""
        if where == "national":
            return self.nation.plan, self.nation.by
        public = next((row for row in self.nation.rows.values() if row.get("is_public")), None)
        if public is None:
            return None
        code = public["place"]
        by = self.nation.cast.actor(self.nation.government(code))
        return self.nation.local_plan(code), by

    def _file(
        self, title: str, text: str, plan: Plan, *, is_pdf: bool | None, at: datetime
    ) -> CleanFile:
        if not is_pdf:
            content = f"{title}\n{plan.title}\n\n{text}\n".encode()
            return CleanFile(f"{title}.txt", "txt", content)
        document = model.Document(
            title=title,
            language=plan.language,
            author=plan.owner.name,
            made_at=at,
            marking="TLP:CLEAR",
            blocks=[model.Paragraph(plan.title, "lead"), model.Paragraph(text)],
        )
        return CleanFile(f"{title}.pdf", "pdf", as_pdf(document))

    def _name_office(self, at: datetime) -> None:
        country = self.nation.content.country
        details = {
            "office": self._say(self.words["office"]["name"]),
            "email": f"plan@{country}.example",
            "phone": "",
            "address": "",
            "registration": "",
        }
        publish_contact(self.nation.plan, details, revision=1, by=self.nation.by, at=at)
