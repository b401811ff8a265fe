"""Nuisance as a quantity: the index of Helsinki, the Dutch class of hindrance, days before dwellings, and reopening.

Arrays and frames in, numbers out; nothing here decides. The scores, the report and the engine may ask.
"""
