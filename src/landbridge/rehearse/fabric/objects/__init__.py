"""S3 replication between two regions, played by the deployed rules; and the batch jobs that copy what existed before."""
