"""Our own functions in the customer's account: replicator, tracker, heartbeat, empty_bucket, rotate_secret; lean."""
