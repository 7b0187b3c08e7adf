"""``errlint completions``: a script for a shell, which asks errlint itself what may come next."""

from __future__ import annotations

import click

from errlint.cli.streams import standard_output
from errlint.cli.table import option, options

BASH = r"""# errlint's completion for bash 4.4 or newer: source <(errlint completions bash)
_errlint() {
    local reply line=${COMP_LINE:0:COMP_POINT}
    mapfile -t reply < <("${1/#\~/$HOME}" completions --breaks "$COMP_WORDBREAKS" --line "$line" 2>/dev/null)
    COMPREPLY=("${reply[@]%%$'\t'*}")
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/:] ]]; then
        compopt -o nospace
    fi
}
complete -o nosort -o bashdefault -o default -F _errlint errlint
"""

ZSH = r"""#compdef errlint
# errlint's completion for zsh: source <(errlint completions zsh), after compinit
_errlint() {
    local line word
    local -a reply found shown bare
    reply=("${(@f)$(${~words[1]} completions --line "${(j: :)words[1,CURRENT]}" 2>/dev/null)}")
    for line in $reply; do
        word=${line%%$'\t'*}
        if [[ $word == *[=/:] ]]; then bare+=($word); continue; fi
        found+=($word)
        shown+=("${line/$'\t'/  }")
    done
    (( $#found )) && compadd -U -l -d shown -a found
    (( $#bare )) && compadd -U -S '' -a bare
    if (( ! $#found && ! $#bare )); then
        compset -P '*:'
        _files
    fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _errlint "$@"
else
    compdef _errlint errlint
fi
"""

FISH = r"""# errlint's completion for fish: errlint completions fish | source
function __errlint_complete
    set -l line (commandline -cp)
    set -l words (commandline -opc)
    $words[1] completions --line "$line" 2>/dev/null
end
complete --command errlint --arguments '(__errlint_complete)'
"""

SHELLS = {"bash": BASH, "zsh": ZSH, "fish": FISH}

LINE = (
    option("--line", metavar="TEXT", help="Print what may stand at the end of a command line: what the scripts ask for."),
    option("--breaks", default="", metavar="CHARACTERS", help="Where the shell breaks words: ours begin after the last one."),
)


@click.command("completions")
@click.argument("shell", type=click.Choice(tuple(SHELLS)), required=False)
@options(*LINE)
def command(shell: str | None, line: str | None, breaks: str) -> int:
    """Print a script that completes commands, options, rules, codes, formats, catalogs and environments.

    \b
    bash   echo 'source <(errlint completions bash)' >> ~/.bashrc
    zsh    echo 'source <(errlint completions zsh)' >> ~/.zshrc      # after compinit
    fish   errlint completions fish > ~/.config/fish/completions/errlint.fish
    """
    if line is None and shell is None:
        raise click.UsageError("Missing argument 'bash', 'zsh' or 'fish'.")
    with standard_output() as out:
        out.write(SHELLS[shell] if shell is not None and line is None else _answer(line or "", breaks))
    return 0


def _answer(line: str, breaks: str) -> str:
    """The words that may end a line, one a line, each with a tab and what it means."""
    try:
        found = _found(line)
    except Exception:  # whoever is typing cannot do anything about it, and a shell shows whatever is printed
        return ""
    typed = _typed(line)
    name, equals, _ = typed.partition("=")
    before = f"{name}=" if equals and name.startswith("--") else ""
    kept = 1 + max((typed.rfind(one) for one in ":=" if one in breaks), default=-1)
    whole = ((f"{before}{word}", told) for word, told in found)
    return "".join(f"{word[kept:]}\t{told}\n" if told else f"{word[kept:]}\n" for word, told in whole)


def _found(line: str) -> list[tuple[str, str]]:
    from click.shell_completion import ShellComplete, split_arg_string

    from errlint.cli.commands import errlint
    from errlint.report.visible import visible

    words = split_arg_string(line)[1:]
    typed = _typed(line)
    items = ShellComplete(errlint, {}, "errlint", "").get_completions(words[:-1] if typed else words, typed)
    return [(str(item.value), visible(" ".join((item.help or "").split()))) for item in items]


def _typed(line: str) -> str:
    """The word at the end of a line that is not finished; empty after a space."""
    from click.shell_completion import split_arg_string

    words = split_arg_string(line)
    return words[-1] if words[1:] and not line[-1:].isspace() else ""
