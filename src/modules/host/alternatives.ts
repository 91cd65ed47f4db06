import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge } from '../../model/resource.ts';
import {
  type AlternativeWork,
  alternativeApply,
  alternativeLines,
  alternativeProbe,
} from '../shared/alternatives-group.ts';
import { badArgs } from '../shared/args.ts';
import { choice } from '../shared/params.ts';

const generic = (description: string) => Type.String({ description, pattern: '^[A-Za-z0-9_][^\\s/]*$' });
const path = (description: string) => Type.String({ description, pattern: '^/[^\\r\\n]+$' });

const params = Type.Object(
  {
    name: generic('The name of the group: `editor`, `java`.'),
    path: path('The program that the link is to lead to; it has to exist.'),
    link: Type.Optional(path('The link itself (`/usr/bin/java`); needed where the host does not know the group.')),
    priority: Type.Optional(
      Type.Integer({ description: 'In auto mode the highest wins; 50 for a new one when not said.' }),
    ),
    state: Type.Optional(
      choice(
        ['present', 'selected', 'auto', 'absent'],
        '`present`: it is one of the group. `selected`: and the link leads to it. `auto`: and the group chooses by priority. `absent`: it is none of the group.',
        'selected',
      ),
    ),
    subcommands: Type.Optional(
      Type.Array(
        Type.Object(
          { name: generic('Its name.'), link: path('Its link.'), path: path('Where its link leads.') },
          { additionalProperties: false },
        ),
        { description: 'All links that go with this alternative (slaves, followers); left as they are when not said.' },
      ),
    ),
  },
  { additionalProperties: false },
);

/** Programs that several packages have, and the one that is meant. */
export const alternatives = {
  name: 'alternatives',
  on: 'host',
  summary: 'A program is one of the alternatives of a name, or the chosen one, or none of them.',
  params,
  result: { name: 'The group.', path: 'The program.', state: 'The state that was asked for.' },
  examples: [
    { alternatives: { name: 'editor', path: '/usr/bin/vim.basic' } },
    {
      alternatives: {
        name: 'node',
        link: '/usr/bin/node',
        path: '/opt/node-20/bin/node',
        priority: 100,
        state: 'auto',
      },
    },
    { alternatives: { name: 'node', path: '/opt/node-18/bin/node', state: 'absent' } },
    {
      alternatives: {
        name: 'java',
        link: '/usr/bin/java',
        path: '/opt/jdk/bin/java',
        subcommands: [{ name: 'keytool', link: '/usr/bin/keytool', path: '/opt/jdk/bin/keytool' }],
      },
    },
  ],
  idempotent: true,
  resource(params): Converge {
    const work: AlternativeWork = { ...params, state: params.state ?? 'selected' };
    if (work.state === 'absent' && (params.priority !== undefined || params.subcommands !== undefined)) {
      throw badArgs('alternatives', 'state: absent takes only name and path');
    }
    return {
      kind: 'converge',
      probe: [{ sh: alternativeProbe(work) }],
      expect: alternativeLines(work),
      apply: alternativeApply(work),
      result: () => ({ name: work.name, path: work.path, state: work.state }),
    };
  },
} satisfies HostModule<typeof params>;
