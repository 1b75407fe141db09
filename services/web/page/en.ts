// The page's words in English; the other languages have the same ones.

export const en = {
  locale: 'en',
  // The buttons.
  oneHit: 'One hit',
  hundredHits: '100 hits',
  slowMotion: 'Slow motion',
  pause: 'Pause',
  resume: 'Resume',
  present: 'Present',
  leavePresent: 'Leave (Esc)',
  language: 'Language',
  copy: 'Copy',
  copied: 'Copied',
  close: 'Close',
  qrCode: 'QR code',
  qrTitle: 'Open this page on a phone',
  // The parts of the page.
  numbers: 'Current values',
  problems: 'Current problems',
  hitsCounted: 'hits counted',
  hitsPerSecond: 'hits per second',
  responseTime: 'response time (mean)',
  healthyReplicas: 'healthy replicas',
  unknownSince: (time: string) => `unknown since ${time}`,
  healthyOf: (healthy: number, all: number) => `${healthy} of ${all}`,
  path: 'The path of a request',
  shares: 'Hits per replica',
  happened: 'What happened',
  lastMinute: 'The last minute',
  hitTable: 'table of the latest hits',
  eventList: 'list of what happened',
  latestHits: 'Latest hits',
  goodToKnow: 'Good to know',
  replica: 'replica',
  hits: 'hits',
  hit: 'hit',
  perSecond: 'per second',
  lastTenSeconds: 'share of the last 10 s',
  attempt: 'attempt',
  client: 'client',
  requestId: 'request id',
  evenShare: (healthy: number, share: string) =>
    healthy === 1
      ? 'One replica is healthy, so it serves every hit.'
      : `The mark is an even share: 1 of ${healthy} healthy replicas, ${share}.`,
  namesBegin: (prefix: string) => `All names begin with ${prefix}.`,
  moreFormer: (count: number) => `${count} more that are no longer running are not shown.`,
  noReplicas: 'The proxy knows no replica yet.',
  noHits: 'No hits since this page was opened. Send one with the button above, or from a terminal:',
  noHitsInMinute: 'No hits in the last minute',
  chart: 'Hits per second and mean response time over the last minute, with a mark for each event.',
  rateKey: 'hits per second',
  latencyKey: 'mean response time, as measured by the proxy',
  markKey: 'an event',
  now: 'now',
  findInLogs: 'Find a hit in the logs by its request id:',
  findInTerminal: 'A hit’s request id is in the log, which counter up local prints where it runs.',
  keepsConnection:
    'A browser reuses its connection, so a load balancer that distributes connections keeps it on one replica. This proxy distributes requests: reload, and another replica responds.',
  hitServedBy: (number: string, replica: string) => `hit ${number} served by ${replica}`,
  openedBy: (hit: string) => `Opening this page was ${hit}: it counts one hit, like every GET /. Watching counts none.`,
  notCounted: (reason: string) => `Opening this page was not counted: ${reason}`,
  opened: (hit: string) => `This page was opened: ${hit}.`,
  openedUncounted: 'This page was opened, but that was not counted.',
  feedFrom: (replica: string) => `The live feed comes from ${replica}.`,
  feedLost: 'The live feed is disconnected.',
  // What the last own hit came to.
  sendAHit: 'Send a hit, and see here what becomes of it.',
  progress: (done: number, all: number) => `${done} of ${all} hits …`,
  wasCounted: (number: string, replica: string, attempts: number, ms: string) =>
    `Hit ${number}, served by ${replica}, ${attempts === 1 ? 'first attempt' : `attempt ${attempts}`}, ${ms} ms.`,
  wereCounted: (count: number, replicas: string) => `${count} hits were counted: ${replicas}.`,
  proxySilent: 'The hit failed: the proxy does not respond.',
  // The wirings.
  forwarded: 'Requests are forwarded round robin.',
  networks: (host: string) => `User-defined networks: Docker's DNS resolves the name “${host}”.`,
  links: (host: string) =>
    `Legacy links: the name “${host}” is a line in /etc/hosts of each replica, written by the link.`,
  local: (place: string) => `No containers: the replicas are local processes, and Redis is at ${place}.`,
  // The picture.
  clients: 'clients',
  proxy: 'proxy',
  bothNetworks: 'on both networks',
  frontend: 'frontend-network',
  backend: 'backend-network',
  internal: ', internal',
  defaultBridge: 'default bridge',
  eachArrow: ': each arrow is a link',
  thisMachine: 'this machine',
  onLoopback: ': processes on loopback',
  picture: (replicas: string, redis: string) =>
    `Requests go from clients to the proxy, to the replicas (${replicas}), and to Redis${redis}.`,
  redisIsDown: ', which is down',
  states: {
    checking: 'checking',
    healthy: 'healthy',
    unhealthy: 'unhealthy',
    removed: 'removed',
    waiting: 'waiting for Redis',
    unknown: 'unknown',
    former: 'no longer running',
  },
  // Problems, and what happened.
  proxyDown: (host: string, time: string) =>
    `The proxy at ${host} has not responded since ${time}. What you see is from then.`,
  reconnecting: 'Connection lost. Reconnecting…',
  noneHealthy: 'No replica is healthy.',
  removedReason: 'The name of the replicas no longer resolves to it: it was stopped or removed.',
  isNew: (name: string) => `${name} is new.`,
  isNow: (name: string, state: string, reason: string) => `${name} is ${state}. ${reason}`.trim(),
  redisRecovered: 'Redis has recovered.',
  proxyLost: 'The proxy does not respond.',
  proxyRecovered: 'The proxy responds again.',
  feedConnected: (replica: string) => `The live feed comes from ${replica} now.`,
  wasReset: 'The counter was reset.',
  retried: (number: string, attempts: number, replica: string) =>
    `Hit ${number} took ${attempts} attempts: another replica had failed, then ${replica} served it.`,
  // Slow motion.
  steps: {
    toProxy: (host: string) => `Your browser sends GET / to the proxy, the only one it knows: ${host}.`,
    toReplica: (replica: string, address: string) =>
      `It is the turn of ${replica}. The proxy passes the request on to ${address}.`,
    retried: (attempts: number) => ` This was attempt ${attempts}: another replica had failed before.`,
    byDns: (replica: string, host: string, address: string) =>
      `${replica} needs Redis, and knows only its name, “${host}”. It asks Docker's DNS (127.0.0.11), which knows the containers on its networks: ${address}.`,
    byLink: (replica: string, host: string, address: string) =>
      `${replica} needs Redis, and knows only its name, “${host}”. The link wrote it into the /etc/hosts of ${replica}: ${address}.`,
    byAddress: (replica: string, place: string) =>
      `${replica} needs Redis, and was given its address, ${place}. Without containers there is no name to resolve.`,
    counts: (before: string, number: string) =>
      `Redis adds one, in one step that nobody can get in between: ${before} + 1 = ${number}.`,
    back: (number: string, replica: string, ms: string) =>
      `The response travels back the same way: “hit ${number} served by ${replica}”. In reality, all this took ${ms} ms.`,
  },
  itsAddress: 'its address',
  // The details of a replica.
  address: 'address for the proxy',
  state: 'state',
  sinceTime: (time: string) => `since ${time}`,
  served: 'responses',
  failures: 'failed attempts',
  lastHeaders: 'headers of its last response to this page',
  noHeaders: 'It has not responded to this page yet: send a few hits.',
  commands: 'Commands',
  sendWithId: 'Send a hit with an id of your own',
  findItsLog: 'Find it in the log of this replica',
  itsAddresses: 'Its address on each network',
  whyRedis: 'How it finds Redis',
  killIt: 'Kill it, and watch the picture',
  startIt: 'Start it again',
  whereItRuns: 'The processes of the cluster, with their ids for kill',
};

export type Words = typeof en;
