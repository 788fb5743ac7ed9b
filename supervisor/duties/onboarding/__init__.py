"""What is owed to a customer after a payment: steps, who holds each, working-time clocks, when the customer is live.

`templates` and `steps` are the pure rules, `clock` and `estimate` reckon times, `starting` begins one, `lines` and
`read` make snapshots, `acts` is what a person does; `enquiries` are the assistants' prospect work.
"""
