"""What a file is, by its content, and the same file without what it says of those who made it.

Runs in a process of its own, which knows no secret and may use little memory and time: a file that
breaks its reader breaks nothing else. It imports nothing of the service.
"""
