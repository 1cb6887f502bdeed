"""Speaks SMTP and nothing else: providers, logging in with a diagnosis, handing letters over."""
