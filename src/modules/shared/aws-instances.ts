import { type Static, Type } from 'typebox';
import { plainOutput } from '../../aws/tasks/output.ts';
import type { Service } from '../../aws/tasks/service.ts';
import { snaked } from '../../aws/tasks/snake-case.ts';
import type { Fields } from '../../model/value.ts';

/** Which instances are meant. */
export const instanceChoice = {
  instance_ids: Type.Optional(
    Type.Array(Type.String({ pattern: '^i-[0-9a-f]+$' }), { description: 'Their ids.', minItems: 1 }),
  ),
  filters: Type.Optional(
    Type.Record(
      Type.String({ minLength: 1 }),
      Type.Union([Type.String(), Type.Number(), Type.Array(Type.Union([Type.String(), Type.Number()]))]),
      {
        description:
          'What they have, as DescribeInstances calls it: `tag:role: web`, `instance-state-name: [running]`.',
      },
    ),
  ),
};

const schema = Type.Object(instanceChoice);

/** An instance in the words of EC2, and as tasks register it. */
export interface Instance {
  id: string;
  state: string;
  fields: Fields;
}

/** The instances that are meant, by id. Those that are terminated count only where they are asked for. */
export async function instancesOf(
  ec2: Service,
  { instance_ids: ids, filters = {} }: Static<typeof schema>,
): Promise<Instance[]> {
  const input = {
    ...(ids && { InstanceIds: ids }),
    ...(Object.keys(filters).length > 0 && {
      Filters: Object.entries(filters).map(([Name, value]) => ({ Name, Values: [value].flat().map(String) })),
    }),
  };
  const found: Instance[] = [];
  const isAsked = ids !== undefined || filters['instance-state-name'] !== undefined;
  type Page = { Reservations?: { Instances?: object[] }[] };
  for await (const { Reservations = [] } of ec2.pages<Page>('DescribeInstances', input)) {
    for (const each of Reservations.flatMap(({ Instances = [] }) => Instances)) {
      const fields = snaked((await plainOutput(each)).value) as Fields;
      const { name: state = '' } = fields['state'] as { name?: string };
      if (isAsked || state !== 'terminated') found.push({ id: String(fields['instance_id']), state, fields });
    }
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}
