"""The only boto3 client factory: endpoints, credentials, timeouts; retries live here only."""
