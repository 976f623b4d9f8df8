"""Two copies of a DynamoDB table, proved equal item by item."""
