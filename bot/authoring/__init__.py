"""The workshop of people who write guides: check, explore, preview, begin a guide, play a conversation."""
