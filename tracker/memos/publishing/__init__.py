"""What everybody may read of locked rounds, and from which day."""
