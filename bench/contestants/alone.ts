// Without a proxy: our replicas, one of them, and the least that counts in Redis, which is the floor.
import type { Contestant } from '../contestant.ts';

export const oneReplica: Contestant = {
  name: 'one replica',
  about: 'a single replica, without a proxy',
  replica: 'counter',
};

export const noProxy: Contestant = {
  name: 'no proxy',
  about: 'the same replicas, a third of the connections to each',
  replica: 'counter',
  needs: 'wrk',
  direct: true,
};

export const bare: Contestant = {
  name: 'bare node:http',
  about: 'the floor: one process of node:http and pipelined ioredis, three commands per hit, without a log or a proxy',
  replica: 'bare',
};
