"""The pages: one module for each, read → frozen values → template; a post → store → redirect."""
