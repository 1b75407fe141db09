// The table of all variables, from the specifications by which the services read them.
import { variables as cli } from '../../services/counter-cli/src/config.ts';
import { variables as proxy } from '../../services/proxy/src/config.ts';
import { variables as web } from '../../services/web/src/config.ts';

type Spec = { readonly desc?: string; readonly default?: unknown };

/** The rows of the table in docs/configuration.md: one for each meaning and default, naming every program that shares it. */
export const variablesTable = (): string => {
  const rows = new Map<string, { name: string; readers: string[]; rest: string }>();
  for (const [reader, specs] of Object.entries({ web, proxy, counter: cli })) {
    for (const [name, spec] of Object.entries<Spec>(specs)) {
      const rest = `${shown(spec.default)} | ${spec.desc}`;
      const row = rows.get(`${name} ${rest}`) ?? { name, readers: [], rest };
      row.readers.push(reader);
      rows.set(`${name} ${rest}`, row);
    }
  }
  return [...rows.values()]
    .map(({ name, readers, rest }) => `| \`${name}\` | ${readers.join(', ')} | ${rest} |\n`)
    .join('');
};

const shown = (value: unknown): string => {
  if (value === undefined || typeof value === 'function') return '';
  if (value instanceof URL) return `\`${value.href}\``;
  if (Array.isArray(value)) return `\`${value.map(({ host, port }) => `${host}:${port}`).join(',')}\``;
  return `\`${String(value)}\``;
};
