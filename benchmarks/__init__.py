"""How fast the service is, each figure beside the least that does the same work: `make bench`."""
