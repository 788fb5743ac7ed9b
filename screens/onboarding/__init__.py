"""Mode 4: what is owed to customers after a payment, who holds it up, and the assistants' enquiries."""
