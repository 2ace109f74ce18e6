"""`manage.py machine`: the state machines, drawn from their transitions."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from workflow.machine.diagram import mermaid


class Command(BaseCommand):
    """Prints the three state machines; needs no database."""

    help = "Print the three state machines as diagrams, drawn from their transitions, sorted."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One format for now, named so that another can join it."""
        parser.add_argument(
            "--format",
            choices=["mermaid"],
            default="mermaid",
            help="how to draw (default: mermaid)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the drawing."""
        self.stdout.write(mermaid(), ending="")
