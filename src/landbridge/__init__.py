"""landbridge moves a running data platform between AWS regions while its users notice nothing."""
