"""Takes over what callers recorded: into the database, out of Asterisk's folder."""
