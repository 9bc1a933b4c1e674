"""How tests read a refusal: as the sentences that a person would read."""
import pytest

from models.workflow import Refused


def refused(call, *args, **answers):
    """The Refused that the call ends with."""
    with pytest.raises(Refused) as found:
        call(*args, **answers)
    return found.value


def sentences(call, *args, **answers):
    """Every reason of the refusal that the call ends with, as text."""
    return [str(reason) for reason in refused(call, *args, **answers).reasons]
