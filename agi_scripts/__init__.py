"""Feature codes: a status set or heard from any phone."""
