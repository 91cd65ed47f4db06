import { Type } from 'typebox';
import type { ControllerModule } from '../../model/module.ts';
import { groupNames } from '../shared/group-names.ts';

const params = Type.Object(
  {
    key: Type.String({ description: 'The group that the host joins.', minLength: 1 }),
    parents: Type.Optional(
      Type.Union([Type.String(), Type.Array(Type.String())], { description: 'Groups around that group.' }),
    ),
  },
  { additionalProperties: false },
);

/** Groups that follow from what hosts are. */
export const groupBy = {
  name: 'group_by',
  on: 'controller',
  pure: false,
  summary: 'The host is in this group for the plays that follow.',
  params,
  result: {},
  examples: [
    { group_by: { key: 'big' }, when: 'facts.cpus > 8' },
    { group_by: { key: 'os_{{facts.os.family}}' } },
    { group_by: { key: 'release_{{version.stdout}}', parents: 'deployed' } },
  ],
  idempotent: true,
  run({ key, parents = [] }, { host }) {
    const groups = groupNames('group_by', [key]);
    const joins = { host, groups, parents: groupNames('group_by', parents), vars: {} };
    return { changed: false, fields: {}, joins, message: groups.join(', ') };
  },
} satisfies ControllerModule<typeof params>;
