// The text report of `counter why`: numbered steps, and the remedies for the one that failed.
import { hostPort } from '@container-counter/network/addresses';
import type { FailureKind } from '@container-counter/network/failure-kind';
import { isLink } from '@container-counter/network/hosts-file';
import { DOCKER_DNS } from '@container-counter/network/network-environment';
import { fold } from './fold.ts';
import type { Holder, Name } from './name.ts';
import { type NetworkView, networksOf } from './network-view.ts';
import type { Attempt, Diagnosis, Why } from './why.ts';

/** @param width that of a terminal, at which lines are folded */
export const whyText = (why: Why, width = Number.POSITIVE_INFINITY): string => {
  const { view, host, port, redis, attempts, failure, warnings } = why;
  const last = attempts.some(({ ms }) => ms !== null);
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ['name', nameLines(why)],
    ['address', [attempts.map(({ address }) => address).join(', ') || 'none']],
    ...(attempts.length === 0
      ? []
      : ([
          ['route', attempts.map((attempt) => label(attempts, attempt, routeLine(attempt)))],
          ['connection', attempts.map((attempt) => label(attempts, attempt, connectionLine(attempt, port)))],
        ] as const)),
    ...(redis && last ? ([['Redis', [redisLine(attempts)]]] as const) : []),
  ];
  const lines = steps.flatMap(([title, texts], i) =>
    texts.map((text, j) => `${j === 0 ? `${i + 1} ${title}`.padEnd(WIDTH) : ' '.repeat(WIDTH)}${text}`),
  );
  return [
    fold(
      [`From ${containerLine(view)}, to ${port === 0 ? host : hostPort(host, port)}:`, '', ...lines, ''].join('\n'),
      width,
    ),
    failure === null ? 'Reachable.' : diagnosisText(failure, width),
    ...warnings.flatMap((warning) => ['', diagnosisText(warning, width)]),
  ].join('\n');
};

/** A sentence, and below it the commands that fix the problem, each on one line as it is copied. */
export const diagnosisText = ({ sentence, remedies }: Diagnosis, width = Number.POSITIVE_INFINITY): string => {
  const told = remedies.flatMap(({ does, command }) => [`  ${command}`, fold(`      ${does}`, width)]);
  return [fold(sentence, width), ...told].join('\n');
};

const redisLine = (attempts: readonly Attempt[]): string => {
  const best = attempts.find(({ failure }) => failure === null) ?? attempts.find(({ pong }) => pong) ?? attempts[0];
  return `${best?.pong ? 'PONG' : 'no PONG'}${best?.failure ? `: ${best.failure}` : ''}`;
};

const WIDTH = 14;

/** Which container this is, and how it is connected. */
export const containerLine = (view: NetworkView): string => {
  const networks = networksOf(view);
  const where = networks.length > 0 ? `on ${networks.join(' and ')}` : ON[view.connection];
  return `${view.hostname}, ${where}`;
};

const ON = {
  machine: 'which is not a container',
  none: 'on no network',
  host: "on the host's network",
  'default bridge': 'on the default bridge',
  'user-defined': 'on a user-defined network',
  unknown: 'whose network is unknown',
} as const;

const nameLines = ({ host, name, view, attempts, engine, failure }: Why): string[] => {
  if (name.source === 'address') return [`${host} is an address`, ...name.holders.map((holder) => holderLine(holder))];
  const resolver = resolverLines(name, host, view, attempts.length > 0 ? null : (failure?.kind ?? 'unresolved'));
  return [
    ...linkLines(name, host, engine),
    ...hostsLines(name, host),
    ...(name.source === 'hosts file' ? [] : resolver),
  ];
};

const linkLines = ({ linkVariables, variablesAbsent }: Name, host: string, engine: string | null): string[] => {
  if (variablesAbsent) {
    return Number.parseInt(engine ?? '', 10) >= 29
      ? [
          `link variables: none, because Docker Engine ${engine} does not set them. Use the name instead, or`,
          '  start dockerd with DOCKER_KEEP_DEPRECATED_LEGACY_LINKS_ENV_VARS=1, to be removed in 30.',
        ]
      : ['link variables: the link set none'];
  }
  if (linkVariables === null) return [`link variables: none for "${host}"`];
  const { names, copied, port } = linkVariables;
  const secrets = copied.length === 0 ? '' : `, and ${copied.length} copied from the source's environment`;
  return [`link variables: ${names.length}, such as ${names.find((name) => /_PORT$/.test(name))}=${port}${secrets}`];
};

const hostsLines = ({ hostsLine }: Name, host: string): string[] => {
  if (hostsLine === null) return [`/etc/hosts: no line with "${host}"`];
  const { address, names } = hostsLine;
  return [`/etc/hosts: ${[address, ...names].join(' ')}${isLink(hostsLine) ? ' (written by a link)' : ''}`];
};

/** @param failure why the name did not resolve; null when it did */
const resolverLines = (
  { holders, withNetwork }: Name,
  host: string,
  view: NetworkView,
  failure: FailureKind | null,
): string[] => {
  const servers = view.nameServers.join(', ') || 'none';
  const resolved = failure === null;
  if (view.connection !== 'user-defined' || (resolved && holders.length === 0)) {
    return [`resolver ${servers}: ${resolved ? 'resolves it' : (NO_ANSWER[failure] ?? 'does not resolve it')}`];
  }
  const resolver = view.podman
    ? `resolver ${servers} (Podman's aardvark-dns; Docker's is ${DOCKER_DNS})`
    : `resolver ${DOCKER_DNS}`;
  if (!resolved) return [`${resolver}: no such name on ${networksOf(view).join(' or ') || 'any network'}`];
  const also = withNetwork.length === 0 ? [] : [`  also as ${withNetwork.join(', ')}`];
  return [`${resolver}:`, ...holders.map((holder) => `  ${holderLine(holder, host)}`), ...also];
};

// Failures without a reply that the name does not exist.
const NO_ANSWER: Partial<Readonly<Record<FailureKind, string>>> = {
  'no network': 'cannot be reached',
  'no resolver': 'did not respond',
};

const holderLine = ({ address, container, network, linked = false }: Holder, host = container): string => {
  const alias = host.endsWith(`.${network}`) ? host.slice(0, -network.length - 1) : host;
  const where = network === '' ? '' : ` on ${network}`;
  return `${address} is ${container}${where}${alias === container ? '' : `, where "${alias}" is ${linked ? 'the name that a link gives it, for this container alone' : 'an alias of it'}`}`;
};

const label = (all: readonly Attempt[], { address }: Attempt, text: string): string =>
  all.length === 1 ? text : `${address}: ${text}`;

const routeLine = ({ route, address, from }: Attempt): string => {
  if (address.includes(':')) return 'by the IPv6 routing table';
  if (route === null) return 'no route';
  const out =
    route.gateway === null
      ? 'directly'
      : `via the gateway ${route.gateway}, since this container is on no network with it`;
  return `${route.interface}${from === null ? '' : `, from ${from}`}, ${out}`;
};

const connectionLine = ({ ms, failure }: Attempt, port: number): string =>
  ms === null ? `to port ${port}: ${failure}` : `to port ${port}: open after ${ms} ms`;
