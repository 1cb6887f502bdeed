"""Keeps the office's own greetings where Asterisk plays sounds from."""
