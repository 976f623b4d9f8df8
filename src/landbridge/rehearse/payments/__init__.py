"""The payments platform on one machine: what AWS puts in front of its service, as it is deployed."""
