"""Small games to study training with: exact trajectories, known optima, many seeds at once."""
