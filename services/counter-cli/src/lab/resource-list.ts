// The resources that a lesson lists: only these are removed when the lesson is over.

/** `project` is one of Compose; `swarm` the engine's membership; `needs` are images that must be there before. */
export const KINDS = ['container', 'network', 'volume', 'project', 'swarm', 'path', 'image', 'needs'] as const;

export type Kind = (typeof KINDS)[number];

export type Resources = Readonly<Record<Kind, readonly string[]>>;

/** @param lines each a kind with its names, as in `container web1 web2` @throws what `wrong` makes of a complaint */
export const parseResources = (lines: readonly string[], wrong: (what: string) => Error): Resources => {
  const resources = Object.fromEntries(KINDS.map((kind) => [kind, [] as string[]])) as Record<Kind, string[]>;
  for (const line of lines) {
    const [kind = '', ...names] = line.trim().split(/\s+/);
    if (!isKind(kind)) throw wrong(`"${kind}" is not a kind of resource: ${KINDS.join(', ')}.`);
    const strange = names.find((name) => !NAME.test(name) || name.split('/').some(leadsAway));
    if (strange !== undefined) throw wrong(`"${strange}" is not a valid ${kind} name.`);
    resources[kind].push(...names);
  }
  return resources;
};

const isKind = (word: string): word is Kind => KINDS.some((kind) => kind === word);

// Relative, so that neither the project itself nor a folder outside of it can be meant.
const NAME = /^[\w.][\w./:-]*$/;
const leadsAway = (segment: string): boolean => /^\.*$/.test(segment);

/** What `command` creates or removes although the lesson does not list it: it may be somebody else's. */
export const undeclared = (resources: Resources, command: string): string[] =>
  command
    .replaceAll('\\\n', ' ')
    .replaceAll(LABELLED, '')
    .split(/[;\n|]|&&/)
    .flatMap((part) => {
      const found = NAMING.flatMap(([kind, pattern]) =>
        [...part.matchAll(pattern)].flatMap(([, names = '']) => words(names)).map((name) => ({ kind, name })),
      );
      const strange = found.filter(({ kind, name }) => !isListed(resources, kind, name));
      // Without the name of a project it is about the cluster that somebody may have running.
      const nameless = part.includes('docker compose ') && !found.some(({ kind }) => kind === 'project');
      const swarmless = /docker (?:swarm|service|stack) /.test(part) && resources.swarm.length === 0;
      return [
        ...strange.map(({ kind, name }) => `the ${kind} ${name}`),
        ...(nameless ? ['the default project'] : []),
        ...(swarmless ? ['the swarm'] : []),
      ];
    });

// Whoever sets the label of a lesson means its containers to be removed with it.
const LABELLED = /\$\(docker ps [^)]*--filter label=lab\d+\)/g;

// Compose prefixes what it creates with its project.
const isListed = (resources: Resources, kind: Kind, name: string): boolean =>
  resources[kind].includes(name) || resources.project.some((project) => name.startsWith(`${project}-`));

const NAMING: readonly (readonly [Kind, RegExp])[] = [
  ['container', /docker run .*?--name[= ](\S+)/g],
  ['container', /docker rename (.+)/g],
  ['container', /docker (?:rm|kill|stop|restart|pause|unpause) (.+)/g],
  ['network', /docker network (?:rm|create) (.+)/g],
  ['volume', /docker volume (?:rm|create) (.+)/g],
  ['volume', /docker run .*?(?:-v|--volume)[= ]([\w.-]+):/g],
  ['image', /docker build .*?(?:-t|--tag)[= ](\S+)/g],
  ['image', /docker (?:rmi|image rm) (.+)/g],
  ['project', /docker compose .*?(?:-p|--project-name)[= ](\S+)/g],
  ['project', /COMPOSE_PROJECT_NAME=(\S+)/g],
];

// The names among the words of a command; an option that takes a value must be joined to it by "=".
const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '' && !word.startsWith('-'));
