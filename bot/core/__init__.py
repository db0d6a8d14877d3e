"""The pure core: no clock, network, database, files or environment."""
