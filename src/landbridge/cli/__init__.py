"""The verbs, one a file; main puts them together and turns every error into one sentence and an exit code."""
