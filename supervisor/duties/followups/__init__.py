"""Follow-ups: the ledger of contacts and who is to be called next.

How a contact is numbered stands in `counting`, in which contact numbers customers sign in `window`, which call a
written log speaks of in `logs`.
"""
