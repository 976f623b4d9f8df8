"""Two copies of a bucket, proved equal version by version."""
