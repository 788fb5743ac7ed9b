"""What telephony systems say: one room a system, each yielding the canonical records of `integrations.provider`."""
