"""Every proof; CONTRIBUTING.md says what belongs where."""
