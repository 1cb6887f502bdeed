"""`make bench`: what our part of a call costs, measured beside a plain Dial()."""
