"""Cầm Tay: a chat assistant that takes people by the hand through installing a phone app."""
