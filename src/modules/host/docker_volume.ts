import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge } from '../../model/resource.ts';
import { joinSh, sh } from '../../program/sh.ts';
import { dockerLook } from '../shared/docker.ts';
import { eachOf, hasAll, many, objectProbe, one } from '../shared/docker-object.ts';
import { choice, text } from '../shared/params.ts';

const scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);

const params = Type.Object(
  {
    name: Type.String({ description: 'The volume.', pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$' }),
    state: Type.Optional(
      choice(['present', 'absent'], '`absent`: removed with its data; no container may use it then.', 'present'),
    ),
    driver: Type.Optional(text('What keeps it; `local` for a new one when not said.')),
    driver_options: Type.Optional(
      Type.Record(Type.String({ pattern: '^[^=\\s]+$' }), scalar, {
        description:
          'Options of the driver. Whoever may use docker can read them, and every user of the host for a moment: nothing for secrets.',
      }),
    ),
    labels: Type.Optional(Type.Record(Type.String({ pattern: '^[^=]+$' }), scalar, { description: 'Labels.' })),
    recreate: Type.Optional(
      choice(
        ['never', 'options-changed', 'always'],
        'What happens to a volume that is there: `never`: it is left as it is. `options-changed`: one that has not all of these settings is removed with its data, and made anew. `always`: this is done each time.',
        'never',
      ),
    ),
  },
  { additionalProperties: false },
);

/** A named volume by docker's own command line on the host. */
export const dockerVolume = {
  name: 'docker_volume',
  on: 'host',
  summary: 'The host has this volume of docker, or has it no more.',
  params,
  result: { name: 'The volume.', state: 'The state that was asked for.' },
  examples: [
    { docker_volume: { name: 'shop-data' } },
    {
      docker_volume: {
        name: 'exports',
        driver_options: { type: 'nfs', o: 'addr=10.0.0.5,rw', device: ':/srv/exports' },
        labels: { team: 'shop' },
      },
    },
    { docker_volume: { name: 'old-data', state: 'absent' } },
  ],
  idempotent: true,
  shorthand: 'name',
  resource({ name, state = 'present', recreate = 'never', driver, driver_options, labels }): Converge {
    const result = () => ({ name, state });
    const object = { type: 'volume', name, format } as const;
    if (state === 'absent') {
      const apply = sh`docker volume rm ${name} >/dev/null`;
      return { kind: 'converge', probe: [{ sh: objectProbe(object, []) }], expect: 'absent', apply, result };
    }
    const wanted = [
      ...one('driver', driver, 'driver'),
      ...many('option', driver_options, 'opt'),
      ...many('label', labels, 'label'),
    ];
    const seen = recreate === 'never' ? [] : wanted;
    const keeps = recreate === 'always' ? sh`false` : hasAll(seen);
    return {
      kind: 'converge',
      probe: [{ sh: objectProbe(object, seen) }],
      expect: ['present', ...seen.map(({ line }) => line), ...(recreate === 'always' ? ['recreated'] : [])].join('\n'),
      apply: joinSh([
        dockerLook,
        sh`if ! play_dk_look volume ${format} ${name}; then false
elif [ -z "$play_dk_i" ] || { ${keeps}; } || docker volume rm ${name} >/dev/null; then
docker volume create ${wanted.flatMap(({ words }) => words)} ${name} >/dev/null
else false; fi`,
      ]),
      ...(recreate === 'always' && { verify: 'apply' as const }),
      result,
    };
  },
} satisfies HostModule<typeof params>;

const format = `driver {{json .Driver}}\n${eachOf('.Options', 'option')}${eachOf('.Labels', 'label')}`;
