"""Small frozen values that several layers hand to each other; no behaviour and no Django."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Channel = Literal["page", "api", "import", "system"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something and by which door: services take it as `by`, and the act remembers it.

    `token_id` is the API token used, if any, and `limited` says that it reaches some projects only.
    """

    user_id: UUID
    username: str
    channel: Channel = "page"
    token_id: UUID | None = None
    limited: bool = False
