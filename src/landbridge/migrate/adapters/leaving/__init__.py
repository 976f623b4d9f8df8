"""What a source is retired with on AWS."""
