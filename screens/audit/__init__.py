"""Mode 8, Audit: whether what people say is what the phones say."""
