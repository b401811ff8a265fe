"""`python -m integralie.cli`."""

from integralie.cli import main

main()
