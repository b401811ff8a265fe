"""The command line: one command per verb, and those that open, read and write studies."""

from __future__ import annotations

import sys
import traceback

from integralie.cli.words import LANGUAGE, say


def main() -> None:
    """Runs the command line; an error is one sentence and an exit code that means something."""
    import click

    from integralie.cli.commands import app
    from integralie.errors import IntegralieError

    try:
        sys.exit(app(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except IntegralieError as error:
        _tell(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:  # the last line of defence: a stranger's file must never end in a page of code
        _tell(say("unexpected", error=f"{type(error).__name__}: {error}"))
        sys.exit(1)


def _tell(text: str) -> None:
    if "--debug" in sys.argv:
        traceback.print_exc()
    print(f"{say('error', LANGUAGE)}: {text}", file=sys.stderr)
