"""A call's leg over a trunk: whether it may be dialled, which way, and whose number it shows."""

from ari_app.domain.calls import Caller
from ari_app.domain.directory import CallerIdPolicy, Directory, Employee, Trunk
from ari_app.domain.numbers import OutsideNumber, is_e164
from ari_app.domain.steps import Fact, OutsideLeg, Reason


def outside_leg(
    number: OutsideNumber, owner: Employee, caller: Caller, directory: Directory
) -> OutsideLeg | Reason:
    """The leg to `number` on behalf of `owner`, or the fact that forbids it."""
    if number.number_class not in owner.may_dial:
        return Reason(Fact.MAY_NOT_DIAL, owner.id, None, number.number_class.value)
    if not directory.trunks:
        return Reason(Fact.NO_TRUNK, owner.id, None, number.e164)
    trunk = directory.trunks[0]
    digits = number.e164 if trunk.keeps_plus else number.e164.removeprefix("+")
    return OutsideLeg(
        number, trunk.dial.replace("{number}", digits), _caller_id(trunk, owner, caller)
    )


def _caller_id(trunk: Trunk, owner: Employee, caller: Caller) -> str:
    own = owner.number or trunk.company_number
    match trunk.caller_id:
        case CallerIdPolicy.ORIGINAL:
            can_show = not caller.is_inside and is_e164(caller.number)
            return "" if can_show else own
        case CallerIdPolicy.COMPANY:
            return trunk.company_number
        case CallerIdPolicy.EMPLOYEE:
            return own
