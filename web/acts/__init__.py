"""What pages and the API do: rights, one transaction, and a line in the audit log."""
