// The footer of a help text: environment, exit codes, examples.

export type HelpFooter = {
  readonly environment?: readonly (readonly [name: string, meaning: string])[];
  readonly notes?: readonly string[];
  readonly exit?: string;
  readonly examples: readonly string[];
};

export const helpFooter = ({ environment = [], notes = [], exit, examples }: HelpFooter): string => {
  const width = Math.max(0, ...environment.map(([name]) => name.length));
  const blocks = [
    notes.join('\n'),
    section(
      'Environment',
      environment.map(([name, meaning]) => `${name.padEnd(width)}  ${meaning}`),
    ),
    exit ?? '',
    section(
      'Examples',
      examples.map((example) => `$ ${example}`),
    ),
  ];
  return `\n${blocks.filter((block) => block !== '').join('\n\n')}`;
};

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `${title}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
