"""`camtay doctor zalo`: ten minutes with a real Zalo bot and one phone, to learn what its documentation leaves open."""
