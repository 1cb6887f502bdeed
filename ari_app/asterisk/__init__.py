"""Speaks ARI and AMI with Asterisk, and nothing else."""
