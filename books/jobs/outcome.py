"""How a step may end other than done."""


class Interrupted(Exception):
    """The run was paused: the step stops between two calls, with everything finished so far in the journal."""


class Unusable(Exception):
    """The model answered, but nothing can be made of it, even after the repair try. The message can be shown."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
