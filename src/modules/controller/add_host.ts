import { Type } from 'typebox';
import type { ControllerModule } from '../../model/module.ts';
import type { Fields } from '../../model/value.ts';
import { badArgs } from '../shared/args.ts';
import { groupNames } from '../shared/group-names.ts';

const params = Type.Object(
  {
    name: Type.String({ description: 'The new host, or one that is there already.', minLength: 1 }),
    groups: Type.Optional(
      Type.Union([Type.String(), Type.Array(Type.String())], {
        description: 'Groups that it is in: a list, or names with commas. New ones are made.',
      }),
    ),
  },
  { additionalProperties: true, description: 'Everything else becomes a variable of the host.' },
);

/** A host that was not known before the run: an instance that a task has just started. */
export const addHost = {
  name: 'add_host',
  on: 'controller',
  pure: false,
  summary: 'The inventory has this host for the plays that follow.',
  params,
  result: {},
  examples: [
    { add_host: { name: 'db2.example.com', groups: 'db' } },
    { add_host: { name: 'new1', groups: 'fresh', ansible_host: '192.0.2.7' } },
    {
      add_host: { name: '{{item.name}}', groups: ['web', 'fresh'], address: '{{item.ip}}' },
      loop: 'started.instances',
    },
  ],
  idempotent: true,
  run(params) {
    const { name, groups = [], ...vars } = params as { name: string; groups?: string | string[] } & Fields;
    if (/[\s,:&!*?[\]]/.test(name)) throw badArgs('add_host', `"${name}" cannot be the name of a host`);
    const joins = { host: name, groups: groupNames('add_host', groups), parents: [], vars };
    return { changed: false, fields: {}, joins, message: [name, ...joins.groups].join(', ') };
  },
} satisfies ControllerModule<typeof params>;
