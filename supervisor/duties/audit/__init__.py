"""The audit: is what people say the same as what the phones say?

`classes` puts each call and each log of a day into exactly one class, `read` joins calls, contacts and attendance,
`seal` signs a day and proves the chain, `acts` is what a person decides. `told` joins what was done in a week or a
month, `summary` sets it against plan, `month` audits it.
"""
