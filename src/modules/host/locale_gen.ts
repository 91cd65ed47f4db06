import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge } from '../../model/resource.ts';
import { localeApply, localeLine, localeProbe } from '../shared/locale-list.ts';
import { choice } from '../shared/params.ts';

const locale = (description: string) =>
  Type.String({ description, pattern: '^[A-Za-z]+(_[A-Za-z]+)?(\\.[A-Za-z0-9-]+)?(@[A-Za-z0-9]+)?$' });

const params = Type.Object(
  {
    name: Type.Union([locale('A locale.'), Type.Array(locale('A locale.'), { minItems: 1 })], {
      description: 'The locale as `/etc/locale.gen` spells it (`de_DE.UTF-8`), or a list of them.',
    }),
    state: Type.Optional(choice(['present', 'absent'], 'Whether programs can use it.', 'present')),
  },
  { additionalProperties: false },
);

/** Locales of hosts with `locale-gen`: Debian, Ubuntu and their like. */
export const localeGen = {
  name: 'locale_gen',
  on: 'host',
  summary: 'Locales are generated and stay so, or are gone.',
  params,
  result: { name: 'The locales.', state: 'The state that was asked for.' },
  examples: [
    { locale_gen: { name: 'de_DE.UTF-8' } },
    { locale_gen: { name: ['en_GB.UTF-8', 'fr_FR.UTF-8'] } },
    { locale_gen: { name: 'en_US.ISO-8859-1', state: 'absent' } },
  ],
  idempotent: true,
  shorthand: 'name',
  resource({ name, state = 'present' }): Converge {
    const names = [...new Set([name].flat())];
    const present = state === 'present';
    return {
      kind: 'converge',
      probe: [{ sh: localeProbe(names) }],
      expect: names.map((one) => localeLine(one, present)).join('\n'),
      apply: localeApply(names, present),
      result: () => ({ name: names, state }),
    };
  },
} satisfies HostModule<typeof params>;
