"""Compiles the engine once, so that the first programme of a user does not wait for it: `python -m integralie.warm`."""

from __future__ import annotations

SECTIONS = 60  # the smallest town


def main() -> None:
    """Takes the smallest town through the chain; what is compiled on the way stays in the cache."""
    import integralie as itg

    study = itg.run(itg.town(size=SECTIONS), seconds=120)
    itg.check_certificate(study)
    itg.flexibility(study)


if __name__ == "__main__":
    main()
