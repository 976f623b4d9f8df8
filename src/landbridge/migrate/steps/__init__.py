"""The steps, one a file, named as in journal and runbook."""
