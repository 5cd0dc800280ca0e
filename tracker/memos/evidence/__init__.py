"""The evidence of a round, as one file that checks itself."""
