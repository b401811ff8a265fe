"""Paper: what pages and drawings share. Texts in two languages, numbers as people write them, SVG, the map of a town."""
