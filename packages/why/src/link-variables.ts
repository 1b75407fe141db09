// The variables that a legacy link sets in the container that has it, up to Docker Engine 28.

export type LinkVariables = {
  readonly alias: string;
  /** Where the source's first port was when the container was made, as `tcp://172.17.0.2:6379`. */
  readonly port: string | null;
  /** The names of the variables, but for those of the next list. */
  readonly names: readonly string[];
  /** The names of the variables that the link copied out of the source: its secrets, if it has any. */
  readonly copied: readonly string[];
};

/** Every link that has variables: only a link sets `ALIAS_NAME=/container/alias`. */
export const linksIn = (env: Readonly<Record<string, string | undefined>>): LinkVariables[] =>
  Object.entries(env)
    .flatMap(([name, value = '']) => {
      const alias = /^\/[^/]+\/([^/]+)$/.exec(value)?.[1];
      const prefix = alias?.toUpperCase().replaceAll('-', '_');
      if (alias === undefined || name !== `${prefix}_NAME`) return [];
      const own = Object.keys(env).filter((key) => /^(NAME|PORT|ENV_)/.test(key.slice(`${prefix}_`.length)));
      const all = own.filter((key) => key.startsWith(`${prefix}_`)).sort();
      const isCopied = (key: string) => key.startsWith(`${prefix}_ENV_`);
      return {
        alias,
        port: env[`${prefix}_PORT`] ?? null,
        names: all.filter((key) => !isCopied(key)),
        copied: all.filter(isCopied),
      };
    })
    .sort((a, b) => a.alias.localeCompare(b.alias, 'en', { numeric: true }));
