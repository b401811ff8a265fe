"""The order of the story, as names and nothing else, so that a face can show it without loading a thing."""

# A verb of the chain writes tables; the others tell people something.
CHAIN = ("check", "forecast", "match", "fit", "programme", "phase", "share", "score")
TELLERS = ("explain", "report", "hand_over")
