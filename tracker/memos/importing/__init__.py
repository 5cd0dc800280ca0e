"""An earlier memo brought into a plan: handed over, looked through row by row, carried out."""
