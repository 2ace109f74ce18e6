"""What a service asks back before it does something unusual."""


class AskFirst(Exception):  # A question back to the person, not something gone wrong.
    """The act is possible but unusual: `reasons` is what the person should have read first."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)
