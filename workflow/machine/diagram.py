"""The machines drawn from their transitions, sorted, so that the picture is the same each time."""

from collections.abc import Iterator
from typing import Any

from workflow.machine.acts import Stage
from workflow.machine.notification import NotificationProcess
from workflow.machine.practice_review import PracticeReview
from workflow.machine.rapid_review import RapidReview

MACHINES: tuple[type[Any], ...] = (NotificationProcess, RapidReview, PracticeReview)


def mermaid() -> str:
    """The three machines as Mermaid state diagrams in Markdown."""
    return "\n\n".join(_drawing(machine) for machine in MACHINES) + "\n"


def _drawing(machine: type[Any]) -> str:
    lines = [f"### {machine.MACHINE.capitalize()}", "", "```mermaid", "stateDiagram-v2"]
    field = machine._meta.get_field("state")
    labels = dict(field.choices)
    lines += [f"    {state}: {labels[state]}" for state in sorted(labels)]
    lines += [f"    [*] --> {state}" for state in sorted(map(str, machine.STARTS))]
    lines += _edges(machine, field)
    ends = sorted(
        str(state) for state, waiting in machine.WAITING.items() if waiting.stage is Stage.END
    )
    lines += [f"    {state} --> [*]" for state in ends]
    return "\n".join([*lines, "```"])


def _edges(machine: type[Any], field: Any) -> Iterator[str]:
    moves = sorted(
        (str(move.source), str(move.target), move.custom["act"].title)
        for move in field.get_all_transitions(machine)
    )
    for source, target, title in moves:
        yield f"    {source} --> {target}: {title}"
