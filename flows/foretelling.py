"""What of a condition is decided before anything is answered, by who is there."""

from __future__ import annotations

from flows.conditions import All, Any, AudienceIs, ConcernStands, Condition, DepthIs, Not

CONCERNS = ("none", "same_day", "immediate", "emergency")
"""The worry that may stand, from the least."""


def foretell(
    condition: Condition | None, audience: str, depth: str | None = None, concern: str | None = None
) -> bool | None:
    """Return whether the condition holds whatever is answered; None where that depends."""
    match condition:
        case None:
            return True
        case AudienceIs(audience=people):
            return audience in people
        case DepthIs(depth=wanted):
            return None if depth is None else depth == wanted
        case ConcernStands(concern=least):
            return None if concern is None else CONCERNS.index(concern) >= CONCERNS.index(least)
        case All(all=parts):
            told = [foretell(part, audience, depth, concern) for part in parts]
            return False if False in told else None if None in told else True
        case Any(any=parts):
            told = [foretell(part, audience, depth, concern) for part in parts]
            return True if True in told else None if None in told else False
        case Not(not_=part):
            inner = foretell(part, audience, depth, concern)
            return None if inner is None else not inner
        case _:
            return None


def narrowed(condition: Condition | None, audience: str | None) -> Condition | bool:
    """Return what is left to decide once the audience is known: True or False where nothing is."""
    if condition is None:
        return True
    if audience is None:
        return condition
    told = foretell(condition, audience)
    if told is not None:
        return told
    match condition:
        case All(all=parts) | Any(any=parts):
            left = [n for part in parts if not isinstance(n := narrowed(part, audience), bool)]
            if len(left) == 1:
                return left[0]
            return All(all=left) if isinstance(condition, All) else Any(any=left)
        case Not(not_=part):
            inner = narrowed(part, audience)
            return condition if isinstance(inner, bool) else Not.model_validate({"not": inner})
        case _:
            return condition
