"""How the kernels are compiled: kept on disk, so that only the first start pays for it.

A `kernel` is called from Python, and lets other threads of the workbench go on while it runs. An `inner` is called by
kernels only: it leaves out what translates Python's objects, which for the many arrays of a problem takes longer to compile
than the function itself. A `lean` one also makes no arrays of its own, so that nothing has to be counted and freed.
"""

from __future__ import annotations

from numba import njit

kernel = njit(cache=True, nogil=True)
inner = njit(cache=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
lean = njit(cache=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)
