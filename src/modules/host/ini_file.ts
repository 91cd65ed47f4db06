import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { editFile } from '../shared/edit.ts';
import { editIni } from '../shared/edit-ini.ts';
import { choice, flag, text, writing } from '../shared/params.ts';

const value = (description: string) => Type.Union([Type.String(), Type.Number()], { description });
const values = (description: string) => Type.Array(Type.Union([Type.String(), Type.Number()]), { description });

const params = Type.Object(
  {
    path: text('The file on the host.'),
    section: Type.Optional(
      Type.String({
        description: 'The name between `[` and `]`; without, the lines before the first section are meant.',
      }),
    ),
    section_has_values: Type.Optional(
      Type.Array(
        Type.Object(
          {
            option: text('An option of the section.'),
            value: Type.Optional(value('The value it has there; any when not said.')),
            values: Type.Optional(values('Values of which it has one.')),
          },
          { additionalProperties: false },
        ),
        {
          description: 'Of several sections with the same name, the first that has all of these; a new one gets them.',
        },
      ),
    ),
    option: Type.Optional(text('The name before the `=`; without, the section itself is meant.')),
    value: Type.Optional(
      value('The text after the `=`. Write words like true in quotes: then they go in as they are.'),
    ),
    values: Type.Optional(values('Several values, each on a line of its own.')),
    state: Type.Optional(
      choice(['present', 'absent'], 'Whether the option, or the section, is to be there.', 'present'),
    ),
    exclusive: Type.Optional(
      flag('`false`: other lines of the same option stay; `absent` then takes out only those with the value.', true),
    ),
    no_extra_spaces: Type.Optional(flag('Write `option=value` and not `option = value`.')),
    ignore_spaces: Type.Optional(flag('Leave a line alone that differs only in the spaces around `=`.')),
    allow_no_value: Type.Optional(flag('An option may stand alone, without `=`.')),
    modify_inactive_option: Type.Optional(
      flag('Take a line that is commented out (`#` or `;`) for the option, and make it active.', true),
    ),
    create: Type.Optional(
      flag('Make the file when it is missing, in a directory that is there; `false`: that is a failure.', true),
    ),
    ...writing,
  },
  { additionalProperties: false },
);

/** One setting of a file of sections and options. */
export const iniFile = {
  name: 'ini_file',
  on: 'host',
  summary: 'An option of an INI file has this value, or is not there.',
  params,
  result: {
    msg: '`OK` when nothing was to be done, else `option changed`, `option added`, `section and option added`, `only section added` or `section removed`.',
    path: 'The file.',
  },
  examples: [
    { ini_file: { path: '/etc/php/8.2/fpm/php.ini', section: 'PHP', option: 'memory_limit', value: '256M' } },
    {
      ini_file: {
        path: '/etc/systemd/network/10-lan.network',
        section: 'Network',
        option: 'DNS',
        values: ['192.0.2.1', '192.0.2.2'],
        no_extra_spaces: true,
      },
    },
    {
      ini_file: {
        path: '/etc/wireguard/wg0.conf',
        section: 'Peer',
        section_has_values: [{ option: 'AllowedIPs', value: '10.4.0.11/32' }],
        state: 'absent',
      },
    },
    { ini_file: { path: '/etc/mysql/my.cnf', section: 'mysqld', option: 'skip-name-resolve', allow_no_value: true } },
  ],
  idempotent: true,
  exclusive: [['value', 'values']],
  requireOne: [['section', 'option']],
  resource(params): Resource {
    checkArgs(iniFile, params);
    const wanted = {
      present: params.state !== 'absent',
      ...(params.section && { section: params.section }),
      having: (params.section_has_values ?? []).map((one) => ({ option: one.option, values: valuesOf(one) })),
      ...(params.option !== undefined && { option: params.option }),
      values: valuesOf(params),
      exclusive: params.exclusive ?? true,
      bare: params.allow_no_value ?? false,
      equals: params.no_extra_spaces ? ('=' as const) : (' = ' as const),
      ignoreSpaces: params.ignore_spaces ?? false,
      inactive: params.modify_inactive_option ?? true,
      create: params.create ?? true,
    };
    checkNames(params, wanted);
    const edit = editFile('ini_file', params, (text) => {
      const result = editIni(text, wanted);
      return 'failure' in result ? result : { ...result, fields: { ...result.fields, path: params.path } };
    });
    return edit;
  },
} satisfies HostModule<typeof params>;

/** A value that is said twice is wanted once. */
function valuesOf({ value, values }: { value?: string | number; values?: (string | number)[] }): string[] {
  const given = value === undefined ? (values ?? []) : [value];
  return [...new Set(given.map(String))];
}

function checkNames(params: Params, { present, values }: { present: boolean; values: string[] }): void {
  const { option, section } = params;
  if (option === undefined && !section)
    throw badArgs('ini_file', 'option is missing', 'without it, section names what is meant');
  if (option === undefined && values.length > 0) throw badArgs('ini_file', 'value needs option');
  if (present && option !== undefined && values.length === 0 && !params.allow_no_value) {
    throw badArgs(
      'ini_file',
      `option "${option}" has no value`,
      'value: gives it one; allow_no_value: true lets it stand alone',
    );
  }
  if (params.section_has_values !== undefined && !section)
    throw badArgs('ini_file', 'section_has_values needs section');
  const lines = [
    section,
    option,
    ...values,
    ...(params.section_has_values ?? []).flatMap((one) => [one.option, ...valuesOf(one)]),
  ];
  const broken = lines.find((line) => line !== undefined && /[\r\n]/.test(line));
  if (broken !== undefined) throw badArgs('ini_file', `${JSON.stringify(broken)} is not one line`);
  if (option !== undefined && /^[ \t]*[[#;]|=/.test(option)) {
    throw badArgs(
      'ini_file',
      `option "${option}" would not be read as one`,
      'it cannot begin with [, # or ; or hold =',
    );
  }
}

type Params = Static<typeof params>;
