"""How many shards a stream wants: by records and by bytes, whichever is more, each shard half full.

Half, because symbols are not alike, and because a mirror that stood still then catches up as fast as it fell behind.
"""

import math

SHARD_RECORDS = 1_000  # a second into one shard
SHARD_BYTES = 1_000_000  # a second into one shard, partition keys included
FILL = 0.5


def shards_for(records_per_second: int, record_bytes: int) -> int:
    """How many, for so many records of that size."""
    by_records, by_bytes = records_per_second / SHARD_RECORDS, records_per_second * record_bytes / SHARD_BYTES
    return math.ceil(max(by_records, by_bytes) / FILL)
