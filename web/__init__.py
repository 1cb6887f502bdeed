"""The panel for employees and managers."""
