"""Who uses the platform: users with their writes, feeds with their ticks, and the functions that serve them."""
