import { posix } from 'node:path';
import { badArgs } from './args.ts';
import { portLine, portWord, readPorts } from './container-ports.ts';
import { commandWords, goJson } from './docker.ts';

/** A network that the container is in. */
interface Network {
  name: string;
  aliases?: string[];
  ipv4_address?: string;
}

/** What is asked of a container that exists, as Ansible names it. */
export interface ContainerParams {
  name: string;
  image?: string;
  command?: string | string[];
  entrypoint?: string[];
  env?: Record<string, string | number | boolean>;
  labels?: Record<string, string | number | boolean>;
  published_ports?: (string | number)[];
  volumes?: string[];
  networks?: Network[];
  network_mode?: string;
  restart_policy?: string;
  restart_retries?: number;
  user?: string;
  working_dir?: string;
  hostname?: string;
  privileged?: boolean;
  memory?: string;
}

/** One thing that the container is to have. */
export interface Setting {
  /** Lines that \`containerFormat\` may print for it; the first is how it is called. */
  lines: string[];
  /** What it is called where the value may be a secret. */
  label?: string;
  /** There is only one of its kind: what stands there instead is worth showing. */
  single?: string;
  /** Words for \`docker create\`. */
  words?: string[];
  /** What \`docker network connect\` or \`docker update\` can mend without a new container. */
  mend?: { command: string[] };
}

/**
 * What \`docker container inspect\` is to print: a line for each thing, values as JSON so that each stays on its line.
 * All addresses of the host are written as none, and a volume that may be written to is written without \`:rw\` by docker, with it by others.
 */
export const containerFormat = [
  'status {{.State.Status}}',
  'id {{.Image}}',
  'image {{json .Config.Image}}',
  'command {{json .Config.Cmd}}',
  'entrypoint {{json .Config.Entrypoint}}',
  'user {{json .Config.User}}',
  'working_dir {{json .Config.WorkingDir}}',
  'hostname {{json .Config.Hostname}}',
  'network_mode {{json .HostConfig.NetworkMode}}',
  'privileged {{.HostConfig.Privileged}}',
  'memory {{.HostConfig.Memory}}',
  'restart {{.HostConfig.RestartPolicy.Name}}:{{.HostConfig.RestartPolicy.MaximumRetryCount}}',
  '{{range .Config.Env}}env {{json .}}',
  '{{end}}{{range $k, $v := .Config.Labels}}label {{json $k}} {{json $v}}',
  '{{end}}{{range $k, $v := .HostConfig.PortBindings}}{{range $v}}port {{$k}} {{if ne .HostIp "0.0.0.0"}}{{.HostIp}}{{end}}:{{.HostPort}}',
  '{{end}}{{end}}{{range .HostConfig.Binds}}volume {{json .}}',
  '{{end}}{{range $k, $v := .Config.Volumes}}volume {{json $k}}',
  '{{end}}{{range $k, $v := .NetworkSettings.Networks}}network {{json $k}}',
  '{{with $v.IPAMConfig}}{{with .IPv4Address}}address {{json $k}} {{.}}',
  '{{end}}{{end}}{{range $v.Aliases}}alias {{json $k}} {{json .}}',
  '{{end}}{{end}}',
].join('\n');

/** All that is said about the container, in the order of the parameters. */
export function settingsOf(module: string, params: ContainerParams): Setting[] {
  return [...commands(module, params), ...values(module, params), ...lists(module, params), ...networks(params)];
}

function commands(module: string, { command, entrypoint }: ContainerParams): Setting[] {
  const settings: Setting[] = [];
  if (entrypoint !== undefined) settings.push({ single: 'entrypoint', lines: [`entrypoint ${goJson(entrypoint)}`] });
  if (command !== undefined)
    settings.push({ single: 'command', lines: [`command ${goJson(commandWords(module, 'command', command))}`] });
  return settings;
}

/** The words after the image: what of a list of entry points does not fit into its one option comes before the command. */
export function wordsAfterImage(module: string, { command = [], entrypoint = [] }: ContainerParams): string[] {
  if (entrypoint.length > 1)
    throw badArgs(module, 'entrypoint has several words', 'give the first one, and the others as command');
  return [...commandWords(module, 'command', command)];
}

function values(module: string, params: ContainerParams): Setting[] {
  const { user, working_dir, hostname, privileged, memory, network_mode, restart_policy, restart_retries } = params;
  const settings: Setting[] = [];
  const json = (kind: string, value: string | undefined, option: string) => {
    if (value !== undefined)
      settings.push({ single: kind, lines: [`${kind} ${goJson(value)}`], words: [`--${option}=${value}`] });
  };
  json('user', user, 'user');
  json('working_dir', working_dir, 'workdir');
  json('hostname', hostname, 'hostname');
  json('network_mode', network_mode, 'network');
  if (params.entrypoint !== undefined)
    settings.push({ lines: [], words: [`--entrypoint=${params.entrypoint[0] ?? ''}`] });
  if (privileged !== undefined)
    settings.push({ single: 'privileged', lines: [`privileged ${privileged}`], words: [`--privileged=${privileged}`] });
  if (memory !== undefined) {
    const bytes = bytesOf(module, memory);
    settings.push({ single: 'memory', lines: [`memory ${bytes}`], words: [`--memory=${bytes}`] });
  }
  if (restart_policy !== undefined) {
    const option = restart_retries === undefined ? restart_policy : `${restart_policy}:${restart_retries}`;
    settings.push({
      single: 'restart',
      lines: [`restart ${restart_policy}:${restart_retries ?? 0}`],
      words: [`--restart=${option}`],
      mend: { command: ['update', `--restart=${option}`, params.name] },
    });
  }
  return settings;
}

function lists(
  module: string,
  { env = {}, labels = {}, published_ports = [], volumes = [] }: ContainerParams,
): Setting[] {
  return [
    // Values go by another way than words, which everyone on the host can see.
    ...Object.entries(env).map(([key, value]) => ({
      lines: [`env ${goJson(`${key}=${value}`)}`],
      label: `env ${key}`,
    })),
    ...Object.entries(labels).map(([key, value]) => ({
      lines: [`label ${goJson(key)} ${goJson(String(value))}`],
      words: [`--label=${key}=${value}`],
    })),
    ...readPorts(module, published_ports).map((port) => ({
      lines: [portLine(port)],
      words: [`--publish=${portWord(port)}`],
    })),
    ...volumes.map((entry) => ({ lines: volumeLines(module, entry), words: [`--volume=${entry}`] })),
  ];
}

function volumeLines(module: string, entry: string): string[] {
  if (/^(~|\.)/.test(entry)) throw badArgs(module, `volumes has "${entry}"`, 'write the absolute path on the host');
  const [first = '', second, mode] = entry.split(':');
  if (second === undefined) return [`volume ${goJson(entry)}`];
  const from = first.startsWith('/') ? posix.normalize(first) : first;
  const bare = `${from}:${second}`;
  if (mode !== undefined && mode !== 'rw') return [`volume ${goJson(entry)}`];
  return [...new Set([`volume ${goJson(entry)}`, `volume ${goJson(bare)}`, `volume ${goJson(`${bare}:rw`)}`])];
}

/** Networks that are missing are joined; the container stays. The name of the container is always one of its aliases. */
function networks({ name, networks: list = [] }: ContainerParams): Setting[] {
  return list.flatMap((network) => {
    const options = [
      ...(network.ipv4_address === undefined ? [] : [`--ip=${network.ipv4_address}`]),
      ...(network.aliases ?? []).map((alias) => `--alias=${alias}`),
    ];
    const key = goJson(network.name);
    const connect = { command: ['network', 'connect', ...options, network.name, name] };
    return [
      { lines: [`network ${key}`], mend: connect },
      ...(network.ipv4_address === undefined
        ? []
        : [{ lines: [`address ${key} ${network.ipv4_address}`], mend: connect }]),
      ...(network.aliases ?? []).map((alias) => ({ lines: [`alias ${key} ${goJson(alias)}`], mend: connect })),
    ];
  });
}

const units: Record<string, number> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

function bytesOf(module: string, size: string): number {
  const [, count, unit = 'b'] = /^(\d+(?:\.\d+)?)\s*([bkmgt])?(?:i?b)?$/i.exec(size) ?? [];
  if (count === undefined) throw badArgs(module, `memory "${size}" is no size`, 'write 512m, 2g or bytes');
  return Math.floor(Number(count) * (units[unit.toLowerCase()] ?? 1));
}
