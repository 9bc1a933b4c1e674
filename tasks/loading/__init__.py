"""Loading a nation's data from CSV files: every stage at once, in bulk, by whoever runs the machine; docs/operation.md describes the files."""
