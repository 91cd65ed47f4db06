import type { Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { type ContainerParams, type Setting, wordsAfterImage } from './container-settings.ts';

/** What is to be done with a container beside its settings. */
export interface ContainerWork {
  params: ContainerParams;
  settings: Setting[];
  /** Lines of the probe without which a new container has to be made. */
  needed: string[];
  state: 'present' | 'started' | 'stopped';
  pull: 'always' | 'missing' | 'never';
  recreate: boolean;
  restart: boolean;
}

/** Makes the container so: starts or stops it, mends what docker can change, and else makes a new one. It reads what the probe saw. */
export function containerApply(work: ContainerWork): Sh {
  const { params, needed, recreate } = work;
  const { name } = params;
  return sh`play_dk_said() { case $play_nl$play_o$play_nl in (*"$play_nl$1$play_nl"*) ;; (*) return 1 ;; esac; }
play_dk_keep() { for play_dk_x in ${needed}; do play_dk_said "$play_dk_x" || return; done; }
play_dk_make() {
if ${recreate ? raw('false') : raw('play_dk_keep')}; then
:
${joinSh(mends(work))}
else
if play_dk_said present; then docker stop ${name} >/dev/null; docker rm -f ${name} >/dev/null || return; fi
play_o=absent
${create(work)}
fi
${finish(work)}
}
play_dk_make`;
}

/** Settings that were not seen and that docker can change; a network is left first when only its details differ. */
function mends({ params: { name }, settings }: ContainerWork): Sh[] {
  const commands = new Set(settings.flatMap(({ mend }) => mend ?? []));
  return [...commands].map((mend) => {
    const lines = settings.filter((setting) => setting.mend === mend).map(({ lines: [line = ''] }) => line);
    const said = joinSh(
      lines.map((line) => sh`play_dk_said ${line}`),
      ' && ',
    );
    const isNetwork = mend.command[0] === 'network';
    const leave = isNetwork
      ? sh`if play_dk_said ${lines[0] ?? ''}; then docker network disconnect ${mend.command.at(-2) ?? ''} ${name} || return; fi\n`
      : raw('');
    return sh`if ${said}; then :; else
${leave}docker ${mend.command} >/dev/null || return
fi`;
  });
}

/** The first network comes with the container, which is then in no other; further ones are joined. */
function create({ params, settings, pull }: ContainerWork): Sh {
  const { name, image, env = {}, networks = [], network_mode } = params;
  if (image === undefined)
    return sh`printf '%s\\n' ${`there is no container ${name}, and without image none can be made`} >&2; return 1`;
  const first = network_mode === undefined ? networks[0] : undefined;
  const entries = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  const words = [
    `--name=${name}`,
    ...(pull === 'never' ? ['--pull=never'] : []),
    ...settings.flatMap((setting) => setting.words ?? []),
    ...(first === undefined ? [] : networkWords(first)),
    ...(entries.length > 0 ? ['--env-file=/dev/stdin'] : []),
    image,
    ...wordsAfterImage('docker_container', params),
  ];
  const make = sh`docker create ${words} >/dev/null || return`;
  const rest = settings
    .flatMap(({ mend, lines: [line] }) =>
      mend?.command[0] === 'network' && line?.startsWith('network ') ? [mend] : [],
    )
    .slice(first === undefined ? 0 : 1)
    .map(({ command }) => sh`docker ${command} >/dev/null || return`);
  return joinSh([entries.length > 0 ? sh`play_out ${`${entries.join('\n')}\n`} | ${make}` : make, ...rest]);
}

function networkWords(network: NonNullable<ContainerParams['networks']>[number]): string[] {
  return [
    `--network=${network.name}`,
    ...(network.aliases ?? []).map((alias) => `--network-alias=${alias}`),
    ...(network.ipv4_address === undefined ? [] : [`--ip=${network.ipv4_address}`]),
  ];
}

function finish({ params: { name }, state, restart }: ContainerWork): Sh {
  if (state === 'present') return raw(':');
  if (state === 'stopped') return sh`if play_dk_said running; then docker stop ${name} >/dev/null; fi`;
  const again = restart ? sh`docker restart ${name} >/dev/null` : raw(':');
  return sh`if play_dk_said running; then ${again}
elif play_dk_said paused; then docker unpause ${name} >/dev/null
else docker start ${name} >/dev/null
fi`;
}
