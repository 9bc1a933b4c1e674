"""Stages 3 and 6: fingerprints - read and compared by NBIS, kept as sealed templates that never leave the server."""
