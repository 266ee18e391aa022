"""What two texts in different languages are both about, without a model: functions on plain data.

Words are brought to one form, recognised as concepts of the field (data/concepts.toml), weighed by
how much they tell among the texts at hand, and compared. Knows no database and no request.
"""
