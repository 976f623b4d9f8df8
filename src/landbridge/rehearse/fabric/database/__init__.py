"""Aurora Global Database on this machine: real PostgreSQL servers, a link between them that can be disturbed, and their control plane."""
