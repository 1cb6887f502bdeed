"""What is too much for a sound."""

MOST_BYTES = 20 * 1024 * 1024
"""The largest file that is looked at."""
LONGEST_TEXT = 1000
"""Characters that are spoken at most."""
