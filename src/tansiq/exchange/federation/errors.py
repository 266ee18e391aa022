"""Why something of the other side was not taken."""


class BundleError(ValueError):
    """It is not taken; `reason` is a word of `models.Reason`, `detail` is for the operator."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail[:300]
