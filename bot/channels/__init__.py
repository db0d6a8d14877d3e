"""One file, one channel: raw payloads in, messages out."""
