"""What the terminal makes of memo files, without settings or a database."""
