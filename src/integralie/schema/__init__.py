"""The ground floor: every column of every table, the glossary, the sentences and the data rules."""
