"""Sound files and speech engines, and nothing else."""
