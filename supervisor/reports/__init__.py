"""Reports that people hand on: a day, a week, a month, as HTML in one file or as a workbook.

`sections` says what a report is made of, `day`, `week` and `month` make one of what was audited, purely; `html` and
`xlsx` write it. Nothing is sent.
"""
