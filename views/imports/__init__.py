"""Imports in the office: the wizard from the upload over the rehearsal to the result."""
