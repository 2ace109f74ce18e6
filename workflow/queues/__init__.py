"""Work lists: which cases wait for whom, sorted, filtered and paged by position."""

from workflow.queues.filters import Filters
from workflow.queues.keyset import Cursor
from workflow.queues.segments import Segment
from workflow.queues.worklist import QueuePage, WorkList, queue_page

__all__ = ["Cursor", "Filters", "QueuePage", "Segment", "WorkList", "queue_page"]
