"""Games small enough to be understood: their orbits, their optima, many seeds at once."""
