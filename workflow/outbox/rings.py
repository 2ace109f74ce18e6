"""The two queues of the broker.

A worker takes from each in turn, so that a sweep waits for what the worker has in hand, and never
for all the messages that wait to be sent.
"""

SWEEPS = "sweep"
RINGS = "celery"
EVERY_QUEUE = (SWEEPS, RINGS)
