import { createHash } from 'node:crypto';
import type { AwsOptions, Instance, InstanceSpec } from './types.ts';

/** The instances of a fake by id. */
export function makeInstances({ instances = 0, canned, region = 'eu-central-1' }: AwsOptions): Map<string, Instance> {
  const listed = typeof instances === 'number' ? Array.from({ length: instances }, () => ({})) : instances;
  const many = Array.from({ length: canned?.instances ?? 0 }, () => ({ region: canned?.region ?? region }));
  const all = [...listed, ...many].map((spec, index) => instance(spec, { index, region }));
  return new Map(all.map((made) => [made.id, made]));
}

function instance(spec: InstanceSpec, { index, region }: { index: number; region: string }): Instance {
  const address = [10, 10 + (index >> 16), (index >> 8) & 255, index & 255].join('.');
  const { name = `node-${index + 1}`, privateIp = address } = spec;
  // Seventeen hex digits, as "Longer IDs for EC2" has them.
  const id = spec.id ?? `i-${createHash('sha1').update(String(index)).digest('hex').slice(0, 17)}`;
  return {
    id,
    tags: { Name: name, ...spec.tags },
    region: spec.region ?? region,
    state: spec.state ?? 'running',
    managed: spec.managed ?? true,
    ping: spec.ping ?? 'Online',
    platform: spec.platform ?? 'Linux',
    type: spec.type ?? 't3.micro',
    privateIp,
    publicIp: spec.publicIp,
    hostname: `ip-${privateIp.replaceAll('.', '-')}`,
    launchedAt: new Date('2026-01-01T00:00:00Z'),
  };
}
