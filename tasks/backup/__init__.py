"""Backup and restore: one encrypted file with the rows of every table as of one moment and every stored file, for either database."""
