"""The signals as a Managed Flink application: the same definitions, computed by Flink SQL."""
