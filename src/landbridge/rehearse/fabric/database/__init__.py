"""Aurora Global Database on this machine: PostgreSQL servers, a link that can be disturbed, and their control plane."""
