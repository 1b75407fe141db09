// A real Prometheus beside the cluster finds every proxy and replica by name, and has data for every panel of the dashboard.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { eventually } from '@container-counter/testing/eventually';
import { downAll, upMany } from 'docker-compose';
import { hit } from '../support/load.ts';
import { type Cluster, createCluster } from './support/cluster.ts';
import { docker, noEngine } from './support/engine.ts';

const HITS = 30;
const SCRAPED = { timeout: 30_000, every: 500 };
const DASHBOARD = new URL('../../deploy/dashboard.json', import.meta.url);

type Panel = { readonly title: string; readonly targets: readonly { readonly expr: string }[] };
type Sample = { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] };

describe('Prometheus beside the cluster', { skip: noEngine() }, () => {
  let cluster: Cluster;
  let prometheus: string;
  let options: Cluster['options'];

  before(async () => {
    cluster = await createCluster('networks', 'prometheus');
    const port = await freePort();
    prometheus = `http://127.0.0.1:${port}`;
    const env = { ...cluster.options.env, PROMETHEUS_PORT: `${port}` };
    options = { ...cluster.options, env, config: ['docker-compose.yml', 'deploy/monitoring.yml'] };
    await upMany(['proxy', 'prometheus'], { ...options, commandOptions: ['--build', '--wait'] });
    for (let i = 0; i < HITS; i += 1) assert.equal((await hit(cluster.url)).status, 200);
  });
  after(() => downAll({ ...options, commandOptions: ['--volumes'] }));

  const ask = async (query: string): Promise<readonly Sample[]> => {
    const response = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(query)}`);
    const { status, data, error } = (await response.json()) as {
      status: string;
      error?: string;
      data: { result: readonly Sample[] };
    };
    assert.equal(status, 'success', `${query}: ${error}`);
    return data.result;
  };
  const yields = (query: string, expected: number) =>
    eventually(async () => {
      const [sample] = await ask(query);
      assert.equal(Number(sample?.value[1]), expected, query);
    }, SCRAPED);

  test('finds the proxy and every replica', () => yields('count(up == 1)', 4));

  test('has every request that the proxy served', () =>
    yields('sum(http_request_duration_seconds_count{service="proxy", status="200"})', HITS));

  test('has every hit that the replicas counted', () => yields('sum(counter_hits_total{repeat="no"})', HITS));

  test('sees even selection', async () => {
    await yields('count(proxy_upstream_selections_total)', 3);
    await yields(`min(proxy_upstream_selections_total) == max(proxy_upstream_selections_total)`, HITS / 3);
  });

  test('sees Redis reply within a second', () =>
    yields('sum(redis_round_trip_seconds_bucket{le="1"}) == bool sum(redis_round_trip_seconds_count)', 1));

  test('has data for every panel of the dashboard', async () => {
    const { panels } = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as { panels: readonly Panel[] };
    assert.ok(panels.length > 0);
    for (const { title, targets } of panels) {
      for (const { expr } of targets) {
        await eventually(async () => assert.notDeepEqual(await ask(expr), [], `${title}: ${expr}`), SCRAPED);
      }
    }
  });

  test('alerts when a replica is unhealthy', async () => {
    await docker('pause', await cluster.container('web', 2));
    await yields('count(ALERTS{alertname="ReplicaUnhealthy"})', 1);
    const [alert] = await ask('ALERTS{alertname="ReplicaUnhealthy"}');
    assert.match(alert?.metric['replica'] ?? '', /-web-2$/);
    await docker('unpause', await cluster.container('web', 2));
    await yields('count(ALERTS{alertname="ReplicaUnhealthy"}) or vector(0)', 0);
  });

  test('is published for this machine alone, and the metrics themselves not at all', async () => {
    const published = await docker(
      'ps',
      '--format',
      '{{.Ports}}',
      '--filter',
      `label=com.docker.compose.project=${cluster.project}`,
    );
    const ports = published.match(/\S+->\d+\/tcp/g) ?? [];
    assert.deepEqual(
      ports.filter((port) => port.endsWith('->9090/tcp')).map((port) => port.split(':')[0]),
      ['127.0.0.1'],
    );
    assert.equal((await fetch(`${cluster.url}/metrics`)).status, 404);
  });
});
