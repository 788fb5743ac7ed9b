"""Asterisk by its manager interface (AMI) and its CDR file."""

from integrations.asterisk.provider import AsteriskProvider

__all__ = ["AsteriskProvider"]
