"""Tables of customers, contacts, orders, payments and enquiries, brought in and out: a module a table, with its columns
both ways.

What is brought out is found again: read into an empty store, a table comes out as the same bytes; read into the store
it came from, every row of it is known.
"""
