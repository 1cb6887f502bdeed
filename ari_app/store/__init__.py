"""Speaks SQL, and nothing else."""
