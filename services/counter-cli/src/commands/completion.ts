// `counter completion`: prints a script with which a shell completes the commands, options and choices of the counter.
import { Argument, Command } from 'commander';
import { helpFooter } from '../help.ts';
import { print, type Terminal } from '../terminal.ts';

const SHELLS = ['bash', 'zsh'] as const;

export const completion = (terminal: Terminal): Command =>
  new Command('completion')
    .description('Print a script that completes commands and options in a shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText('after', HELP)
    .action((shell: (typeof SHELLS)[number], _options: unknown, command: Command) => {
      const script = scriptOf(command.parent as Command);
      print(terminal, shell === 'bash' ? script : forZsh(script));
    });

type Place = {
  /** The words that lead there: `counter lab run`. */
  readonly path: string;
  /** Its commands and the choices of its argument; its options where it takes neither. */
  readonly words: readonly string[];
  readonly options: readonly string[];
  /** The options that take a value, about which nothing is known. */
  readonly valued: readonly string[];
};

const placesOf = (command: Command, path = command.name()): Place[] => {
  const help = command.createHelp();
  const [commands, all] = [help.visibleCommands(command), help.visibleOptions(command)];
  const named = commands.map((sub) => sub.name());
  const choices = command.registeredArguments.flatMap((argument) => argument.argChoices ?? []);
  const options = all.flatMap(({ long }) => long ?? []);
  const valued = all.filter(({ required, optional }) => required || optional);
  const takesWords = named.length > 0 || command.registeredArguments.length > 0;
  return [
    {
      path,
      words: takesWords ? [...named, ...choices] : options,
      options,
      valued: valued.flatMap(({ short, long }) => [short, long]).filter((flag) => flag != null),
    },
    ...(named.length === 0 ? [] : [{ path: `${path} help`, words: named, options: [], valued: [] }]),
    ...commands.filter((sub) => sub.name() !== 'help').flatMap((sub) => placesOf(sub, `${path} ${sub.name()}`)),
  ];
};

// Without names that zsh has taken itself, such as path and words. Where nothing is known, it completes files.
const scriptOf = (program: Command): string => {
  const places = placesOf(program);
  const valued = places.flatMap((place) => place.valued.map((flag) => `${place.path} ${flag}`));
  const lines = places.map(
    ({ path, words, options }) => `    '${path}') next='${words.join(' ')}' flags='${options.join(' ')}' ;;`,
  );
  return `_counter() {
  local at=counter current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} next= flags= word
  for word in "\${COMP_WORDS[@]:1:$((COMP_CWORD - 1))}"; do
    case "$at $word" in
      ${alternatives(places.slice(1).map(({ path }) => path))}) at="$at $word" ;;
    esac
  done
  case $at in
${lines.join('\n')}
  esac
  case $current in -*) next=$flags ;; esac
  case "$at $previous" in
    ${alternatives(valued)}) next= ;;
  esac
  COMPREPLY=($(compgen -W "$next" -- "$current"))
}
complete -o default -F _counter counter`;
};

const alternatives = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' | ');

const forZsh = (script: string): string =>
  `autoload -Uz compinit bashcompinit && compinit && bashcompinit\nemulate sh -c '\n${script.replaceAll("'", `'\\''`)}'`;

const HELP = helpFooter({
  notes: [
    'Put the line of your shell into ~/.bashrc or ~/.zshrc. It completes "counter"; node_modules/.bin must',
    'be on the PATH.',
  ],
  exit: 'Exit codes: 0 printed, 2 wrong usage.',
  examples: ['eval "$(counter completion bash)"', 'eval "$(counter completion zsh)"'],
});
