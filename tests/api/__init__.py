"""The API of a running panel, asked by programs that nobody here wrote."""
