import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs } from '../shared/args.ts';
import { dockerLook, goJson } from '../shared/docker.ts';
import { eachOf, hasAll, many, objectProbe, one, type Wanted } from '../shared/docker-object.ts';
import { choice, flag, text } from '../shared/params.ts';

const scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
const named = (description: string) => Type.Record(Type.String({ pattern: '^[^=]+$' }), scalar, { description });
const containerName = '^[A-Za-z0-9][A-Za-z0-9_.-]*$';

const params = Type.Object(
  {
    name: Type.String({ description: 'The network.', pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$' }),
    state: Type.Optional(
      choice(['present', 'absent'], '`absent`: its containers are disconnected, and it is removed.', 'present'),
    ),
    driver: Type.Optional(text('The kind of network; `bridge` for a new one when not said.')),
    driver_options: Type.Optional(named('Options of the driver; others are left.')),
    ipam_driver: Type.Optional(text('What gives addresses.')),
    ipam_config: Type.Optional(
      Type.Array(
        Type.Object(
          {
            subnet: text('The addresses: `172.30.0.0/16`.'),
            iprange: Type.Optional(text('The part of them that containers get.')),
            gateway: Type.Optional(text('The address of the way out.')),
            aux_addresses: Type.Optional(named('Addresses that are taken already, by a name.')),
          },
          { additionalProperties: false },
        ),
        { description: 'Ranges of addresses, one for each kind of IP.', minItems: 1 },
      ),
    ),
    internal: Type.Optional(flag('No way out of the network.')),
    attachable: Type.Optional(flag('Containers outside of services may join a network of a swarm.')),
    enable_ipv6: Type.Optional(flag('Addresses of IPv6, too.')),
    labels: Type.Optional(named('Labels; others are left.')),
    connected: Type.Optional(
      Type.Array(Type.String({ pattern: containerName }), {
        description:
          'Containers that are to be connected, by name. Running containers that are not in the list are disconnected, unless `appends`; without a list nobody is.',
      }),
    ),
    appends: Type.Optional(flag('Leave other containers connected.')),
    force: Type.Optional(flag('Make the network anew each time.')),
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

/** A network by docker's own command line on the host. */
export const dockerNetwork = {
  name: 'docker_network',
  on: 'host',
  summary:
    'The host has this network of docker with these settings, or has it no more. Settings that are not said are not looked at. A network with other settings is made anew, and the running containers in it are connected again, without aliases and addresses of their own.',
  params,
  result: { name: 'The network.', state: 'The state that was asked for.' },
  examples: [
    { docker_network: { name: 'shop' } },
    {
      docker_network: {
        name: 'backend',
        internal: true,
        ipam_config: [{ subnet: '172.30.0.0/16', gateway: '172.30.0.1' }],
        driver_options: { 'com.docker.network.bridge.name': 'br-backend' },
      },
    },
    { docker_network: { name: 'shop', connected: ['web', 'db'], appends: true } },
    { docker_network: { name: 'old', state: 'absent' } },
  ],
  idempotent: true,
  shorthand: 'name',
  resource(params): Converge {
    const { name, state = 'present', connected, appends = false, force = false } = params;
    const result = () => ({ name, state });
    const object = { type: 'network', name, format } as const;
    if (appends && connected === undefined) throw badArgs('docker_network', 'appends is for a list of connected');
    if (state === 'absent') {
      const apply = joinSh([
        dockerLook,
        sh`if play_dk_look network ${format} ${name}; then\n${leave(name)}\n${remove(name)}\nelse false; fi`,
      ]);
      return { kind: 'converge', probe: [{ sh: objectProbe(object, []) }], expect: 'absent', apply, result };
    }
    const wanted = settingsOf(params);
    const members = connected?.map((container) => `connected ${container}`) ?? [];
    return {
      kind: 'converge',
      probe: [{ sh: objectProbe(object, wanted, membersProbe(name, connected, appends)) }],
      expect: ['present', ...wanted.map(({ line }) => line), ...members, ...(force ? ['made anew'] : [])].join('\n'),
      apply: applying({ name, wanted, force, connected, appends }),
      ...(force && { verify: 'apply' as const }),
      result,
    };
  },
} satisfies HostModule<typeof params>;

/** Values as JSON, so that each stays on its line; names of containers cannot hold anything that would not. */
const format = [
  'driver {{json .Driver}}',
  'ipam_driver {{json .IPAM.Driver}}',
  'internal {{.Internal}}',
  'attachable {{.Attachable}}',
  'enable_ipv6 {{.EnableIPv6}}',
  `${eachOf('.Options', 'option')}${eachOf('.Labels', 'label')}{{range .IPAM.Config}}{{$s := json .Subnet}}subnet {{$s}}`,
  'iprange {{$s}} {{json .IPRange}}',
  'gateway {{$s}} {{json .Gateway}}',
  '{{range $k, $v := .AuxAddress}}aux {{$s}} {{json $k}} {{json $v}}',
  '{{end}}{{end}}{{range .Containers}}connected {{.Name}}',
  '{{end}}',
].join('\n');

function settingsOf(params: Params): Wanted[] {
  return [
    ...one('driver', params.driver, 'driver'),
    ...one('ipam_driver', params.ipam_driver, 'ipam-driver'),
    ...one('internal', params.internal, 'internal'),
    ...one('attachable', params.attachable, 'attachable'),
    ...one('enable_ipv6', params.enable_ipv6, 'ipv6'),
    ...many('option', params.driver_options, 'opt'),
    ...many('label', params.labels, 'label'),
    ...(params.ipam_config ?? []).flatMap(({ subnet, iprange, gateway, aux_addresses }) => {
      const about = goJson(subnet);
      return [
        { line: `subnet ${about}`, words: [`--subnet=${subnet}`] },
        ...one(`iprange ${about}`, iprange, 'ip-range'),
        ...one(`gateway ${about}`, gateway, 'gateway'),
        ...many(`aux ${about}`, aux_addresses, 'aux-address'),
      ];
    }),
  ];
}

/** Prints which of them are connected, running or not, and unless `appends` who else runs in the network. */
function membersProbe(name: string, connected: readonly string[] | undefined, appends: boolean): Sh[] {
  if (connected === undefined) return [];
  const others = sh`printf '%s\\n' "$play_dk_i" | sed -n '/^connected /p' | while read -r play_dk_k play_dk_c; do
case ${` ${connected.join(' ')} `} in *" $play_dk_c "*) ;; *) echo "$play_dk_k $play_dk_c" ;; esac
done`;
  return [
    isIn(name),
    ...connected.map((one) => sh`if play_dk_in ${one}; then echo ${`connected ${one}`}; fi`),
    ...(appends ? [] : [others]),
  ];
}

/** Defines `play_dk_in CONTAINER`. A network knows only of containers that run, a container of all its networks. */
function isIn(name: string): Sh {
  return sh`play_dk_in() { docker container inspect --format '{{range $k, $v := .NetworkSettings.Networks}}{{println $k}}{{end}}' "$1" 2>/dev/null | grep -F -x -q -e ${name}; }`;
}

/** Sets play_dk_m to the containers that run in the network, and disconnects all of them. */
function leave(name: string): Sh {
  return sh`play_dk_m=$(printf '%s\\n' "$play_dk_i" | sed -n 's/^connected //p')
for play_dk_c in $play_dk_m; do docker network disconnect -f ${name} "$play_dk_c" || break; done`;
}

function remove(name: string): Sh {
  return sh`docker network rm ${name} >/dev/null`;
}

function applying(options: {
  name: string;
  wanted: readonly Wanted[];
  force: boolean;
  connected: readonly string[] | undefined;
  appends: boolean;
}): Sh {
  const { name, wanted, force, connected = [], appends } = options;
  const stays = options.connected === undefined || appends;
  const keeps = force ? raw('false') : hasAll(wanted);
  return joinSh([
    dockerLook,
    sh`play_dk_m= play_dk_z=0
if ! play_dk_look network ${format} ${name}; then play_dk_z=1
elif [ -z "$play_dk_i" ] || ! { ${keeps}; }; then
if [ -n "$play_dk_i" ]; then
${leave(name)}
${remove(name)} || play_dk_z=1
fi
if [ $play_dk_z = 0 ]; then docker network create ${wanted.flatMap(({ words }) => words)} ${name} >/dev/null || play_dk_z=1; fi
play_dk_i=
else
play_dk_m=$(printf '%s\\n' "$play_dk_i" | sed -n 's/^connected //p')
fi`,
    // Those that were in it come back, unless they are not to be there.
    sh`for play_dk_c in $play_dk_m; do
case ${stays ? raw('" $play_dk_c "') : sh`${` ${connected.join(' ')} `}`} in
*" $play_dk_c "*) if [ $play_dk_z = 0 ] && ! play_dk_has "connected $play_dk_c"; then docker network connect ${name} "$play_dk_c" || play_dk_z=1; fi ;;
*) if [ $play_dk_z = 0 ] && play_dk_has "connected $play_dk_c"; then docker network disconnect ${name} "$play_dk_c" || play_dk_z=1; fi ;;
esac
done`,
    ...(connected.length > 0 ? [isIn(name)] : []),
    ...connected.map(
      (one) =>
        sh`if [ $play_dk_z = 0 ] && ! play_dk_in ${one}; then docker network connect ${name} ${one} || play_dk_z=1; fi`,
    ),
    raw('[ $play_dk_z = 0 ]'),
  ]);
}
