"""Letters in the reader's language, as plain text and as HTML, from one description of each."""
