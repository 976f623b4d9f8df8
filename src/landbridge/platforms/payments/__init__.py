"""The payments platform: one module a stack, the same templates in every region."""
