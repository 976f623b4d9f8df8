"""What platforms are made of: stacks, keys, buckets, networks, alarms as each of ours is, by each platform's own names."""
