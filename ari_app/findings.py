"""What `autosecretary doctor` found at one point, and what it means for the exit status."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One point that was looked at; `todo` is what to do where it fails."""

    point: str
    is_well: bool
    seen: str = ""
    todo: str = ""
    is_warning: bool = False


def worst(findings: list[Finding]) -> int:
    """The exit status: 0 when all is well but for warnings, 1 otherwise."""
    return int(any(not finding.is_well and not finding.is_warning for finding in findings))
