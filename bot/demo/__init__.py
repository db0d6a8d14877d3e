"""The demo commune: everything in it is invented, and every row of a person says so."""

from bot.demo.commune import furnish
from bot.demo.door import DemoDoor

__all__ = ["DemoDoor", "furnish"]
