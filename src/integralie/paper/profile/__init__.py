"""Profile: the cross-section of a street as a drawing on paper, to scale, in millimetres on a named sheet.

Everything is laid out in mm; type and line weights never scale with the drawing, only the world inside does. The
drawing is made from the rows of `integralie.section` and tells nothing that the table does not.
"""

from __future__ import annotations

from integralie.paper.profile.pair import draw_pair
from integralie.paper.profile.panel import Notes, Verdict
from integralie.paper.profile.sheet import SCREEN, SHEETS, STRIP, Content, draw, size_of

__all__ = ["SCREEN", "SHEETS", "STRIP", "Content", "Notes", "Verdict", "draw", "draw_pair", "size_of"]
