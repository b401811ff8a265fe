"""Access: who can still be reached when street sections are closed at the same time.

`network` knows numbers alone: a street network as arrays, and what a set of closed sections does to it. `streets`
makes such a network from the tables of a study. The engine of the programme and the scores ask the same functions.
"""

from integralie.access.network import Broken, Network, broken, detour_alone, detours, only_access, reach

__all__ = ["Broken", "Network", "broken", "detour_alone", "detours", "only_access", "reach"]
