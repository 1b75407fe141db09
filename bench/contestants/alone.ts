// Without a proxy: one replica of ours, and the least that counts in Redis, which is the floor.
import type { Contestant } from '../contestant.ts';

export const oneReplica: Contestant = {
  name: 'one replica',
  about: 'a single replica, without a proxy',
  replica: 'counter',
};

export const bare: Contestant = {
  name: 'bare node:http',
  about: 'the floor: one process of node:http and pipelined ioredis, three commands a hit, without a log or a proxy',
  replica: 'bare',
};
