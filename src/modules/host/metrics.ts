import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import { type MetricGroup, metricGroups, metricsProgram } from '../shared/metrics-program.ts';
import { readMetrics } from '../shared/metrics-read.ts';

const params = Type.Object(
  {
    groups: Type.Optional(
      Type.Array(Type.Unsafe<MetricGroup>({ type: 'string', enum: [...metricGroups] }), {
        description: `What is measured: ${metricGroups.map((group) => `\`${group}\``).join(', ')}; all when not said.`,
        minItems: 1,
      }),
    ),
    interval: Type.Optional(
      Type.Integer({
        description: 'Seconds over which `cpu`, `disk_io` and `network` are measured; 1 when not said.',
        minimum: 1,
        maximum: 3600,
      }),
    ),
    timeout: Type.Optional(
      Type.Integer({
        description:
          'Seconds that `disks`, `sensors` and `users` may take, a file system that hangs included; 5 when not said.',
        minimum: 1,
        maximum: 3600,
      }),
    ),
  },
  { additionalProperties: false },
);

/** How busy a host is. It only reads, so it runs in check mode too. */
export const metrics = {
  name: 'metrics',
  on: 'host',
  summary:
    'It is known how busy a host is. Linux tells everything; other systems tell `load`, `disks`, `users` and `uptime`, and the rest is null.',
  params,
  result: {
    cpu: 'Processors: what they did in the interval, in percent. Null, like all groups, when it was not asked for or the host does not tell it.',
    'cpu.count': 'Processors that are online.',
    'cpu.percent': 'How busy all together were.',
    'cpu.per_cpu': 'How busy each was.',
    'cpu.user':
      'Percent for programs; `nice`, `system`, `idle`, `iowait`, `irq`, `softirq` and `steal` are there, too.',
    memory: 'Memory in bytes: `total`, `available`, `used`, `free`, `buffers`, `cached`; `percent` of it that is used.',
    swap: 'Swap space in bytes: `total`, `used`, `free`; `percent` of it that is used.',
    load: 'Average number of processes that want to run: `one`, `five` and `fifteen` minutes.',
    disks:
      'File systems, those of the network included: `device`, `mount`, `fstype`; `size`, `used`, `available` in bytes and `percent` used, null where it did not answer in time.',
    disk_io:
      'Disks and partitions: `name`; `reads`, `writes`, `read_bytes`, `write_bytes` since the start; `read_rate`, `write_rate` in bytes a second and `busy_percent` in the interval.',
    network:
      'Interfaces: `name`; `received_bytes`, `sent_bytes`, `received_packets`, `sent_packets`, `errors`, `dropped` since the start; `receive_rate`, `send_rate` in bytes a second in the interval.',
    sensors: 'Temperatures: `name` and `celsius`.',
    users: 'Who is logged in: `name`, `terminal`, and `host`, from where; empty when it is this machine.',
    uptime: '`seconds` since the start and `boot_time`, the start in seconds since 1970.',
    late: 'Groups that did not answer in time.',
  },
  examples: [
    { metrics: {}, register: 'now' },
    { metrics: { groups: ['cpu', 'load'], interval: 10 }, register: 'busy' },
    { metrics: { groups: ['disks'], timeout: 2 }, register: 'disks' },
  ],
  idempotent: true,
  resource({ groups = [...metricGroups], interval = 1, timeout = 5 }): Resource {
    return {
      kind: 'action',
      reads: true,
      run: metricsProgram(groups, { interval, timeout }),
      result: ({ stdout }) => readMetrics(stdout, groups),
    };
  },
} satisfies HostModule<typeof params>;
