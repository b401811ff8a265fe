"""Paper: what pages and drawings share: texts in two languages, numbers as people write them, SVG, the map."""
