"""The operators' web page: reads the journal and metrics, writes only decisions."""
