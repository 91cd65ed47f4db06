import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, sh } from '../../program/sh.ts';
import { badArgs } from '../shared/args.ts';
import { choice } from '../shared/params.ts';

const params = Type.Object(
  {
    name: Type.String({
      description: 'The kernel module; `-` and `_` mean the same.',
      pattern: '^[A-Za-z0-9_][A-Za-z0-9_-]*$',
    }),
    state: Type.Optional(
      choice(['present', 'absent'], 'Whether it is loaded; built into the kernel counts.', 'present'),
    ),
    params: Type.Optional(
      Type.String({
        description: 'Parameters to load it with: `numdummies=2`. A module that is loaded already keeps those it has.',
        pattern: '^[^\\n#]*$',
      }),
    ),
    persistent: Type.Optional(
      choice(
        ['disabled', 'present', 'absent'],
        'At the start of the host: `present` loads it, by a file in /etc/modules-load.d, with `params` by one in /etc/modprobe.d. `absent` takes its lines out of the files there. `disabled` leaves the files alone.',
        'disabled',
      ),
    ),
  },
  { additionalProperties: false },
);

/** A module of the kernel, now and at the next start. */
export const modprobe = {
  name: 'modprobe',
  on: 'host',
  summary: 'A kernel module is loaded or not, now and at the start of the host. Not run on a real system.',
  params,
  result: {
    name: 'The module.',
    state: 'The state that was asked for.',
    params: 'The parameters; empty when there were none.',
  },
  examples: [
    { modprobe: { name: '8021q', persistent: 'present' } },
    { modprobe: { name: 'dummy', params: 'numdummies=2', persistent: 'present' } },
    { modprobe: { name: 'floppy', state: 'absent', persistent: 'absent' } },
  ],
  idempotent: true,
  shorthand: 'name',
  resource({ name, state = 'present', params = '', persistent = 'disabled' }): Converge {
    const words = params.split(/\s+/).filter(Boolean);
    if (words.some((word) => word.startsWith('-')))
      throw badArgs('modprobe', `params "${params}" holds an option of modprobe`);
    if (state === 'absent' && persistent === 'present')
      throw badArgs('modprobe', 'state: absent and persistent: present contradict each other');
    const kept =
      persistent === 'disabled'
        ? undefined
        : keep({ name, options: words.join(' '), wanted: persistent === 'present' });
    const load = state === 'present' ? sh`modprobe -- ${name} ${words}` : sh`modprobe -r -- ${name}`;
    const now = state === 'present' ? 'loaded' : 'not loaded';
    return {
      kind: 'converge',
      probe: [{ sh: loadedProbe(name) }, ...(kept ? [{ sh: kept.probe }] : [])],
      expect: [now, ...(kept ? [kept.expect] : [])].join('\n'),
      // First, so that a module that cannot be loaded is not asked for at each start.
      apply: joinSh(
        [
          sh`case $play_o in\n${now}*) ;;\n*) ${load} ;;\nesac`,
          ...(kept ? [sh`case $play_o in\n*${`\n${kept.expect}`}) ;;\n*)\n${kept.apply} ;;\nesac`] : []),
        ],
        ' &&\n',
      ),
      result: () => ({ name, state, params: words.join(' ') }),
    };
  },
} satisfies HostModule<typeof params>;

/** What is built into the kernel cannot be listed, but has a folder in /sys, or a line in modules.builtin. */
function loadedProbe(name: string): Sh {
  const plain = name.replaceAll('-', '_');
  return sh`if ! command -v modprobe >/dev/null 2>&1; then echo 'there is no modprobe here; it is part of the package kmod' >&2; (exit 10)
elif lsmod | grep -q ${`^${plain} `} || [ -d ${`/sys/module/${plain}`} ] || tr - _ <"/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null | grep -q ${`/${plain}\\.ko`}; then echo loaded
else echo 'not loaded'
fi`;
}

/** Lines in the files for the start of the host. */
function keep({ name, options, wanted }: { name: string; options: string; wanted: boolean }): {
  probe: Sh;
  expect: string;
  apply: Sh;
} {
  const plain = name.replaceAll('-', '_');
  const named = `function same(n) { gsub(/-/, "_", n); return n == ENVIRON["play_n"] }`;
  const read = (files: Sh, condition: string, action: string): Sh =>
    sh`cat ${files} 2>/dev/null | play_n=${plain} awk ${`${named}\n${condition} { ${action} }`}`;
  const loads = read(
    { sh: '/etc/modules /etc/modules-load.d/*.conf' },
    'NF == 1 && same($1)',
    'print "at the start: " ENVIRON["play_n"]',
  );
  const sets = read(
    { sh: '/etc/modprobe.d/*.conf' },
    '$1 == "options" && same($2)',
    '$1 = $2 = ""; sub(/^ +/, ""); gsub(/[ \\t]+/, " "); print "options: " $0',
  );
  // Where nothing is said of parameters, those that are there stay, unless all is to go.
  const asked = options !== '' || !wanted;
  const drop = (files: Sh, condition: string): Sh => sh`for play_mod_f in ${files}; do
[ ! -e "$play_mod_f" ] || {
{ play_b=$(play_n=${plain} awk ${`${named}\n${condition} { next }\n{ print }`} <"$play_mod_f" && echo .); } && play_b=\${play_b%.} && play_real "$play_mod_f" && play_put "$play_d" '' '' ''
} || return
done`;
  const write = (file: string, line: string): Sh =>
    sh`mkdir -p -- ${file.slice(0, file.lastIndexOf('/'))} && play_b=${line}$play_nl && play_put ${file} '' '' ''`;
  const gone = [
    sh`${drop({ sh: '/etc/modules /etc/modules-load.d/*.conf' }, 'NF == 1 && same($1)')}`,
    sh`${drop({ sh: '/etc/modprobe.d/*.conf' }, '$1 == "options" && same($2)')}`,
  ];
  return {
    probe: asked ? joinSh([sh`{ ${loads}; } | sort -u &&`, sets]) : sh`{ ${loads}; } | sort -u`,
    expect: wanted ? [`at the start: ${plain}`, ...(asked ? [`options: ${options}`] : [])].join('\n') : '',
    apply: wanted
      ? joinSh(
          [
            ...(asked ? [gone[1] as Sh, write(`/etc/modprobe.d/${name}.conf`, `options ${name} ${options}`)] : []),
            write(`/etc/modules-load.d/${name}.conf`, name),
          ],
          ' &&\n',
        )
      : joinSh(gone, ' &&\n'),
  };
}
