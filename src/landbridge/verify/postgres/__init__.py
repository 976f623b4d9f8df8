"""PostgreSQL databases of both sides compared: definitions first, then every row, by hashes made on the servers."""
