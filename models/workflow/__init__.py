"""The law as class bodies: steps on the model whose state they move, records that people write to, and refusals in sentences."""
from models.workflow.record import Record
from models.workflow.refusal import GONE, Reason, Refused, Stale, foreign, held, one_write
from models.workflow.step import Act, Ask, Step, inside, notify

__all__ = ["Act", "Ask", "GONE", "Reason", "Record", "Refused", "Stale", "Step", "foreign", "held", "inside", "notify", "one_write"]
