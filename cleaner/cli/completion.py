"""`cleaner completion`: print a script that completes commands, options, files and rules in a shell."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

PATHS = {"PATH", "FILE", "PAGE", "PAGES", "FOLDER", "DIR", "INPUT", "OUT", "CLEAN", "GOLD", "PRED", "OLD", "NEW"}


@click.command("completion", short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def command(shell: str) -> None:
    """Print a script that completes cleaner's commands, options, files and rules in bash, zsh or fish.

    \b
    bash: eval "$(cleaner completion bash)" in ~/.bashrc
    zsh:  eval "$(cleaner completion zsh)" in ~/.zshrc, behind compinit
    fish: cleaner completion fish > ~/.config/fish/completions/cleaner.fish
    """
    from click.shell_completion import get_completion_class

    from cleaner.cli import cli
    from cleaner.io.stdout import write_stdout

    found = get_completion_class(shell)
    assert found is not None  # click knows these three
    source = found(cli, {}, "cleaner", "_CLEANER_COMPLETE")
    write_stdout(source.source_template % source.source_vars())


class RuleId(click.ParamType):  # type: ignore[type-arg]  # older click has none
    """Completes the ids of bundled rules."""

    name = "rule"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the ids that begin so, with their reasons."""
        from cleaner.engine.load import load_rule_file
        from cleaner.paths import rules_dir
        from cleaner.report.rules import first_sentence

        files = [load_rule_file(path) for path in sorted(rules_dir().glob("*.toml")) if path.name != "classes.toml"]
        items = [item for file in files for item in file.items() if item.id.startswith(incomplete)]
        return [CompletionItem(item.id, help=first_sentence(item.why)) for item in items]


class ProfileName(click.ParamType):  # type: ignore[type-arg]
    """Completes the names of bundled profiles; else files."""

    name = "profile"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the names that begin so, or ask the shell for files."""
        from cleaner.engine.profile_file import profile_names

        names = [CompletionItem(name) for name in profile_names() if name.startswith(incomplete)]
        return names or [CompletionItem(incomplete, type="file")]


def complete_values(found: click.Command) -> None:
    """Let a command's parameters complete what their metavar says: files, rules, profiles."""
    for parameter in found.params:
        word = (parameter.metavar or "").strip("[].")
        if word in PATHS:
            parameter.type = click.Path()
        elif word == "ID":
            parameter.type = RuleId()
        elif parameter.name == "profile":
            parameter.type = ProfileName()
    for child in getattr(found, "commands", {}).values():
        complete_values(child)
