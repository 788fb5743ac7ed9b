"""Discipline on the floor: what breaks the rules, with proof and fairly, and what is done well.

`seen` is what the rules look at and `findings` what they find; `rules` are the rules themselves, pure; `evaluate`
reads a day, applies them and keeps what they found; `acts` is what a person decides, `read` and `page` make
snapshots."""
