"""What a caller is called: a colleague's name, or what the network said."""

from ari_app.domain.numbers import Extension
from ari_app.store.past import PastCall
from web.visit import Visit


def caller_name(visit: Visit, call: PastCall) -> str:
    """The name, "" where nobody knows one."""
    directory = visit.directory
    known = (
        directory.extensions.get(Extension(call.caller_number))
        if call.is_inside
        else directory.numbers.get(call.caller_number)
    )
    if known is not None:
        return directory.employees[known].name
    return "" if call.caller_name == call.caller_number else call.caller_name
