"""Many cases at once: the rules over data frames, of whatever library; loads narwhals."""
