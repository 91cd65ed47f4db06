import { Type } from 'typebox';
import type { ControllerModule } from '../../model/module.ts';
import { badArgs } from '../shared/args.ts';
import { accountParams, faultFields, withAws } from '../shared/aws-account.ts';
import { choice, text } from '../shared/params.ts';

/** API reference of CloudWatch, MetricDatum. */
const units =
  'Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Terabytes Bits Kilobits Megabits Gigabits Terabits Percent Count Bytes/Second Kilobytes/Second Megabytes/Second Gigabytes/Second Terabytes/Second Bits/Second Kilobits/Second Megabits/Second Gigabits/Second Terabits/Second Count/Second None'.split(
    ' ',
  );

const params = Type.Object(
  {
    namespace: Type.String({
      description: 'Where it belongs: `Shop/Deploy`. Those of AWS begin with `AWS/`.',
      pattern: '^(?!AWS/).{1,255}$',
    }),
    name: text('Name of the metric.'),
    value: Type.Number({ description: 'The value.' }),
    unit: Type.Optional(choice(units, 'What it is counted in.', 'None')),
    dimensions: Type.Optional(
      Type.Record(Type.String({ minLength: 1 }), Type.String({ minLength: 1 }), {
        description: 'What tells it apart from others of its name, at most 30.',
        maxProperties: 30,
      }),
    ),
    timestamp: Type.Optional(
      Type.Union([Type.String({ minLength: 1 }), Type.Number()], {
        description: 'When it was measured: ISO 8601, or seconds since 1970; now when not said.',
      }),
    ),
    storage_resolution: Type.Optional(
      Type.Unsafe<1 | 60>({
        type: 'integer',
        enum: [1, 60],
        description: 'Seconds that are told apart: 1 or 60.',
        default: 60,
      }),
    ),
    ...accountParams,
  },
  { additionalProperties: false },
);

/** A value of a metric. */
export const cloudwatchMetric = {
  name: 'cloudwatch_metric',
  on: 'controller',
  pure: false,
  summary: 'CloudWatch has got a value of a metric. Not run on a real system.',
  params,
  result: { ...faultFields },
  examples: [
    { cloudwatch_metric: { namespace: 'Shop/Deploy', name: 'Deployments', value: 1, unit: 'Count' }, run_once: true },
    {
      cloudwatch_metric: {
        namespace: 'Shop',
        name: 'QueueLength',
        value: '{{queue}}',
        dimensions: { Host: '{{host.name}}' },
      },
      vars: { queue: 7 },
    },
    {
      cloudwatch_metric: {
        namespace: 'Shop',
        name: 'Duration',
        value: 12.5,
        unit: 'Seconds',
        timestamp: '2031-02-03T04:05:06Z',
        storage_resolution: 1,
      },
    },
  ],
  idempotent: false,
  checkMode: true,
  run(given, context) {
    const { namespace, name, value, unit, dimensions = {}, timestamp, storage_resolution: resolution } = given;
    const at = typeof timestamp === 'number' ? timestamp * 1000 : timestamp;
    if (at !== undefined && Number.isNaN(new Date(at).getTime()))
      throw badArgs('cloudwatch_metric', `timestamp "${timestamp}" is no time`, 'write 2031-02-03T04:05:06Z');
    const said = `${namespace} ${name} = ${value}${unit === undefined ? '' : ` ${unit}`}`;
    return withAws('cloudwatch_metric', given, context, async (open) => {
      const service = open('cloudwatch');
      if (context.check) return { changed: true, fields: {}, message: `would be sent: ${said}` };
      const datum = {
        MetricName: name,
        Value: value,
        Unit: unit,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        StorageResolution: resolution,
        ...(at !== undefined && { Timestamp: new Date(at) }),
      };
      await service.call('PutMetricData', { Namespace: namespace, MetricData: [datum] });
      return { changed: true, fields: {}, message: said };
    });
  },
} satisfies ControllerModule<typeof params>;
