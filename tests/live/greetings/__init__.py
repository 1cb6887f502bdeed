"""Greetings: sent, recorded, and heard by callers."""
