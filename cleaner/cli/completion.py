"""`cleaner completion`: print a script that completes commands and options in a shell."""

from __future__ import annotations

import click


@click.command("completion", short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def command(shell: str) -> None:
    """Print a script that completes cleaner's commands and options in bash, zsh or fish.

    \b
    bash: eval "$(cleaner completion bash)" in ~/.bashrc
    zsh:  eval "$(cleaner completion zsh)" in ~/.zshrc
    fish: cleaner completion fish > ~/.config/fish/completions/cleaner.fish
    """
    from click.shell_completion import get_completion_class

    from cleaner.cli import cli
    from cleaner.io.stdout import write_stdout

    found = get_completion_class(shell)
    assert found is not None  # click knows these three
    source = found(cli, {}, "cleaner", "_CLEANER_COMPLETE")
    write_stdout(source.source_template % source.source_vars())
