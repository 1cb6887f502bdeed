"""Everything that the panel does, for programs: JSON in and out, and the same acts."""
