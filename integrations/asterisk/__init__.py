"""Asterisk by its manager interface (AMI) and its CDR file."""
