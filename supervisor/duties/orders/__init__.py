"""Orders: sales in progress, judged by what was heard and never by how somebody feels about them.

What a fact is worth stands in `evidence`, what is to be expected of open orders in `forecast`, what became of "signs
by" claims in `claims`, and which order a supervisor looks at first in `attention`.
"""
