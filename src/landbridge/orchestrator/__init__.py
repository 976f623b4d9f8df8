"""The engine's entry in AWS: the composition root of the cloud, as cli is of the laptop."""
