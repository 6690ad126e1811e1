"""A night over the reviews of a day: its input, its stages, its schedule, its report."""
