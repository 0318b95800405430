import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { type ApiClient, request } from '../harness/api-client';
import { eventually } from '../harness/eventually';
import { Metrics, type Sample } from '../harness/metrics';
import { testServers } from '../harness/servers';
import type { ServiceProcess } from '../harness/service-process';
import { System } from '../harness/system';
import { queriesOfDashboards, queriesOfRules, rulesOf } from '../observability/every-query';
import { groupingsOf, selected, selectorsOf } from '../observability/promql';

const ROOT = join(__dirname, '../..');
const QUERIES = [...queriesOfRules(ROOT), ...queriesOfDashboards()];
/** What Prometheus adds to what it scrapes. */
const TARGET = ['job', 'instance'];

/** What Prometheus has of a service after a scrape. */
async function scrape(service: ServiceProcess): Promise<Sample[]> {
  const target = { job: service.name, instance: new URL(service.metricsUrl).host };
  const { samples } = await Metrics.of(service);
  const up = { name: 'up', labels: {}, value: 1 };
  return [up, ...samples].map((sample) => ({ ...sample, labels: { ...sample.labels, ...target } }));
}

/** What Prometheus makes itself of the rules. */
const madeOfRules = (): Sample[] => [
  { name: 'ALERTS', labels: { alertname: 'ServiceDown', alertstate: 'firing' }, value: 1 },
  ...rulesOf(ROOT).recordings.map(({ record }) => ({ name: record, labels: {}, value: 0 })),
];

describe('the queries of alerts and dashboards', () => {
  let system: System;
  let samples: Sample[];

  beforeAll(async () => {
    system = await System.start();
    const [ivan, nico] = await Promise.all([system.as('ivan'), system.as('nico')]);
    await useEverything(ivan, nico);
    await freezeFeed(system, ivan);
    const [gateway] = system.gateways as [ServiceProcess];
    const ofOthers = await Promise.all(system.processes.filter((one) => one !== gateway).map(scrape));
    // The gateway then answers with a server error.
    await system.services.activity.end('SIGTERM');
    await ivan.send('/post', { type: 'post', content: 'lost' });
    samples = [...madeOfRules(), ...(await scrape(gateway)), ...ofOthers.flat()];
  });
  afterAll(() => system?.stop());

  it('find every series that they read', () => {
    const empty = QUERIES.flatMap(({ name, query }) => {
      const selectors = selectorsOf(query);
      expect(selectors).not.toEqual([]);
      return selectors
        .filter((selector) => selected(samples, selector).length === 0)
        .map((selector) => `${name}: ${JSON.stringify(selector)}`);
    });
    expect(empty).toEqual([]);
  });

  it('name and group by labels that these series have', () => {
    const wrong = QUERIES.flatMap(({ name, query, labels }) => {
      const found = selectorsOf(query).flatMap((selector) => selected(samples, selector));
      const known = new Set([...TARGET, ...found.flatMap((sample) => Object.keys(sample.labels))]);
      const groupings = groupingsOf(query);
      // A label that is summed away has no value to show.
      const isAggregate = /^(topk\(\d+, |absent\()?(sum|min|max|histogram_quantile)\b/.test(query);
      return [...groupings, ...labels]
        .filter((label) => !known.has(label) || (isAggregate && !groupings.includes(label)))
        .map((label) => `${name}: ${label}`);
    });
    expect(wrong).toEqual([]);
  });
});

async function useEverything(ivan: ApiClient, nico: ApiClient): Promise<void> {
  await ivan.follow('nico');
  await ivan.like(await nico.photo());
  await nico.myFeed();
  await ivan.friendsFeed();
  for (const path of ['/feed/friends?group=day', '/trending?window=24h', '/notifications', '/nowhere'])
    await ivan.servedGet(path);
}

/** Sends reads that nobody answers at the moment, and disconnects. */
async function disconnectEarly(system: System, { key }: ApiClient): Promise<void> {
  const { hostname, port } = new URL(system.address());
  const [gateway] = system.gateways as [ServiceProcess];
  const head = `GET /feed/friends HTTP/1.1\r\nhost: ${hostname}\r\nx-app-key: ${key}\r\n\r\n`;
  await eventually('the gateway has noticed', async () => {
    const socket = connect(Number(port), hostname, () => socket.write(head, () => socket.destroy()));
    await once(socket, 'close');
    return (await Metrics.of(gateway)).sum('http_requests_aborted_total') > 0;
  });
}

/**
 * Freezes the feed for so long that it is no longer a member of its consumer group. A client disconnects meanwhile, and
 * afterwards the broker answers the feed with an error.
 */
async function freezeFeed(system: System, reader: ApiClient): Promise<void> {
  const { feed } = system.services;
  const admin = new Kafka({ brokers: testServers().brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  feed.signal('SIGSTOP');
  try {
    await disconnectEarly(system, reader);
    await eventually('the feed is no longer a member', async () => {
      const { groups } = await admin.describeGroups([`${system.id}.feed-projector`]);
      return groups[0]?.members.length === 0;
    });
  } finally {
    feed.signal('SIGCONT');
    await admin.disconnect();
  }
  await eventually('the broker has answered with an error', async () =>
    (await Metrics.of(feed)).of('kafka_response_errors_total').some(({ value }) => value > 0),
  );
  await eventually('the feed is a member again', async () => {
    const { status } = await request(`http://127.0.0.1:${feed.httpPort}`, '/health/ready');
    return status === 200;
  });
}
