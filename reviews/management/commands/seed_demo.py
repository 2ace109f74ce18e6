"""`manage.py seed_demo`: invented cases, filed through the services as people would file them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from reviews.demo.people import settle_areas, settle_nation
from reviews.demo.plots import PLOTS
from reviews.demo.telling import Story
from workflow import clock
from workflow.access import context
from workflow.models import Case, Organisation


class Command(BaseCommand):
    """Fills an empty service with invented people and cases; refuses one that has cases."""

    help = (
        "Fill an empty service with invented people and cases, each told step by step through the "
        "same services as the screens. Refuses a service that holds any case."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """How much, and whether at all."""
        parser.add_argument("--dry-run", action="store_true", help="say what would be made")
        parser.add_argument("--only", type=int, help="tell only the plot of this number")

    def handle(self, *args: Any, **options: Any) -> None:
        """Tells every plot, with a line for each ten."""
        with context.serving(context.HEALTH):
            holds_cases = Case.objects.exists()
        if holds_cases:
            raise CommandError("This service holds cases already: the demo needs an empty one.")
        if not Organisation.objects.of_kind("authority").exists():
            raise CommandError("Load the reference data first: manage.py load_reference")
        if options["dry_run"]:
            self.stdout.write(f"Would tell {len(PLOTS)} invented cases.")
            return
        nation, areas = settle_nation(), settle_areas()
        today = clock.today()
        for number, plot in enumerate(PLOTS):
            if options["only"] not in (None, number):
                continue
            # The case it opens stays at hand to the end, whoever acts on it.
            with transaction.atomic():
                area, neighbour = (areas[n % len(areas)] for n in (number, number + 1))
                Story(number, plot, area, nation, neighbour=neighbour, today=today).tell()
            if number % 10 == 9:
                self.stdout.write(f"{number + 1} of {len(PLOTS)} cases")
        with context.serving(context.HEALTH):
            cases = Case.objects.count()
        self.stdout.write(f"{cases} invented cases over {len(areas)} authorities.")
