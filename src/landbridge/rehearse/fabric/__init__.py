"""What AWS does between regions, as small agents that read the deployed configuration."""
