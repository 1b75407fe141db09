// The sentence for each kind of failure to reach a server: what is wrong, and what to check.
import { hostPort } from './addresses.ts';
import type { FailureKind, Target } from './failure.ts';

type Sentence = (target: Target, error: Error) => string;

const at = ({ what, host, port }: Target): string => `${what} at ${hostPort(host, port)}`;

export const SENTENCES: Readonly<Record<FailureKind, Sentence>> = {
  unresolved: ({ what, host }) =>
    `${what}: the name "${host}" does not resolve. Check that a container with this name or alias runs, and that it shares a network (or a link) with this one.`,
  'no resolver': ({ what, host }) =>
    `${what}: no resolver answered for the name "${host}". Check that a container with this name or alias runs, and the name server in /etc/resolv.conf.`,
  'no names': ({ what, host }) =>
    `${what}: the name "${host}" does not resolve, for this container is on the default bridge (or the host's network), which has no names but those of links. Connect both containers to a user-defined network, or link them.`,
  'no network': ({ what, host }) =>
    `${what}: "${host}" cannot be reached, for this container has no network but its own loopback. Connect it to the network of the other one.`,
  refused: (target) =>
    `${at(target)} refused the connection: its host is up, but nothing listens on that port. Check that the server runs, and that it listens on more than loopback.`,
  unreachable: (target) =>
    `${at(target)} has no route from here. Check that both containers are connected to the same network.`,
  unanswered: (target) =>
    `${at(target)} did not answer the attempt to connect. Check that it runs, and that both containers are connected to the same network.`,
  'stale link': (target) => `${at(target)} is not at the address that the link wrote.${LINK_HINT(target)}`,
  silent: (target) =>
    `${at(target)} is connected but does not answer in time. Check whether it is paused or overloaded, or was disconnected from the network.`,
  closed: (target) => `${at(target)} closed the connection before it answered. Check whether it is restarting.`,
  'not redis': (target) => `${at(target)} answers, but not as Redis does. Check the port, and which server has it.`,
  loading: (target) => `${at(target)} is still loading its data. Wait until it is done.`,
  password: (target) =>
    `${at(target)} asks for another password. Give it in the URL, as in redis://:PASSWORD@${hostPort(target.host, target.port)}, or in the file that REDIS_PASSWORD_FILE names.`,
  cluster: (target) =>
    `${at(target)} is a node of a Redis Cluster, which keeps its keys in many places. Use a single Redis: one script counts a hit in all keys at once.`,
  other: (target, error) => `${at(target)} failed: ${error.message.replace(/\.$/, '')}.`,
};

/** Follows the sentence when the address comes from a link. */
export const LINK_HINT = ({ host }: Target): string =>
  ` The name comes from a line in /etc/hosts, as a link writes it: if "${host}" was removed and made again, that line is stale, and this container must be made again too.`;
