"""Hear a city after an attack without watching anyone: posts in, counts out.

Plain functions on plain data. Knows neither Django nor the platform.
"""
