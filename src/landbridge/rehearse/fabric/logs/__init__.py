"""Logs of both regions in one bucket: what CloudWatch's subscriptions and Firehose do, played by what is deployed."""
