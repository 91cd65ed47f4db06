import { type Static, Type } from 'typebox';
import type { HostModule, ModuleContext } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs, checkArgs, hostPath } from '../shared/args.ts';
import { choice, flag, text } from '../shared/params.ts';
import { decodeText } from '../shared/text.ts';

const object = Type.Record(Type.String(), Type.Unknown());

const params = Type.Object(
  {
    definition: Type.Optional(
      Type.Union([Type.String({ minLength: 1 }), object, Type.Array(object)], {
        description: 'The objects: one, a list, or YAML text with any number of documents.',
      }),
    ),
    src: Type.Optional(text('A file of this machine with the objects, looked up beside the playbook and in `files/`.')),
    kind: Type.Optional(text('The kind of one object, in place of a definition.')),
    name: Type.Optional(text('The name of that object.')),
    api_version: Type.Optional(text('The API version of that object.', 'v1')),
    namespace: Type.Optional(text('The namespace of objects that name none; others have to agree.')),
    state: Type.Optional(choice(['present', 'absent'], 'Whether the objects exist, as they are defined.', 'present')),
    kubeconfig: Type.Optional(text('The configuration file on the host; what kubectl takes by itself when not said.')),
    context: Type.Optional(text('The context in it.')),
    wait: Type.Optional(
      flag('Wait until deployments, stateful sets and daemon sets have rolled out, or until what is removed is gone.'),
    ),
    wait_timeout: Type.Optional(Type.Integer({ description: 'Seconds for that; 120 when not said.', minimum: 1 })),
  },
  { additionalProperties: false },
);

/** Objects of Kubernetes by kubectl on the host. The server itself says whether they differ. */
export const k8s = {
  name: 'k8s',
  on: 'host',
  summary: 'Objects of Kubernetes are as they are defined, or do not exist. Not run on a real system.',
  params,
  result: { state: 'The state that was asked for.', objects: 'The objects that differed, or that were there.' },
  examples: [
    { k8s: { src: 'shop.yaml', namespace: 'shop', wait: true } },
    { k8s: { kind: 'Namespace', name: 'shop' } },
    {
      k8s: {
        context: 'production',
        definition: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'shop', namespace: 'shop' },
          data: { color: 'blue' },
        },
      },
    },
    { k8s: { kind: 'Deployment', api_version: 'apps/v1', name: 'old', namespace: 'shop', state: 'absent' } },
  ],
  idempotent: true,
  reads: { src: 'files' },
  exclusive: [['definition', 'src', 'kind']],
  requireOne: [['definition', 'src', 'kind']],
  async resource(params, context): Promise<Converge> {
    checkArgs(k8s, params);
    const { state = 'present', wait = false, wait_timeout: seconds = 120 } = params;
    const tools = kubectl(params, await manifest(params, context));
    const present = state === 'present';
    const look = present ? joinSh([differences, ...(wait ? [rollouts] : [])]) : existing;
    const apply = present ? applied(wait, seconds) : removed(wait, seconds);
    return {
      kind: 'converge',
      probe: [{ sh: whereKubectl(joinSh([tools, raw('play_k8_see() {'), look, raw('}\nplay_k8_see')])) }],
      expect: present ? 'as defined' : 'absent',
      apply: joinSh([tools, raw('play_k8_do() {'), apply, raw('}\nplay_k8_do')]),
      // What is being removed may go on existing for a while.
      ...(!present && !wait && { verify: 'apply' as const }),
      result: ({ observed = '' }) => ({
        state,
        objects: observed.split('\n').flatMap((line) => /^(\S+) (?:differs|exists)$/.exec(line)?.[1] ?? []),
      }),
    };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

/** The objects as text that kubectl reads: YAML documents, each of which may be JSON. */
async function manifest(params: Params, context: ModuleContext): Promise<string> {
  const { definition, src, kind, name, api_version: apiVersion = 'v1' } = params;
  if (src !== undefined) {
    const read = decodeText(await context.readFile(src, 'files'));
    if (read === undefined) throw badArgs('k8s', `src "${src}" is no text`);
    return read;
  }
  if (typeof definition === 'string') return definition;
  if (kind !== undefined && name === undefined) throw badArgs('k8s', 'kind needs name');
  const objects = definition === undefined ? [{ apiVersion, kind, metadata: { name } }] : [definition].flat();
  return objects.map((each) => JSON.stringify(each)).join('\n---\n');
}

function whereKubectl(body: Sh): Sh {
  return joinSh([
    raw('if command -v kubectl >/dev/null 2>&1; then'),
    body,
    raw(`else echo 'there is no kubectl on the host' >&2; (exit 10)
fi`),
  ]);
}

/** Defines `play_k8`, which is kubectl for the cluster that is meant, and `play_k8_f`, which gives it the objects; values never are arguments. */
function kubectl({ kubeconfig, context, namespace }: Params, text: string): Sh {
  const words = [
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${hostPath('k8s', 'kubeconfig', kubeconfig)}`]),
    ...(context === undefined ? [] : [`--context=${context}`]),
    ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
  ];
  return sh`play_k8() { kubectl ${words} "$@"; }
play_k8_f() { play_out ${text} | play_k8 "$@" --filename=-; }`;
}

/**
 * `kubectl diff` ends with 1 where something differs, and with more where it fails; it names a pair of files for each object. A namespace that is
 * missing may come with the objects.
 */
const differences = raw(`play_k8_o=$(play_k8_f diff 2>&1)
play_k8_z=$?
case $play_k8_z,$play_k8_o in
(0,*) play_k8_a= ;;
(1,*MERGED-*) play_k8_a=$(printf '%s\\n' "$play_k8_o" | sed -n 's,^+++ .*/MERGED-[^/]*/\\([^[:space:]]*\\).*,\\1 differs,p') ;;
(*'namespaces "'*'" not found'*) play_k8_a='the namespace is missing' ;;
(*) printf '%s\\n' "$play_k8_o" >&2; return 1 ;;
esac
if [ -n "$play_k8_a" ]; then printf '%s\\n' "$play_k8_a"; return; fi
echo 'as defined'`);

/** Kind, namespace and name of each object that rolls out. */
const rolling =
  raw(`play_k8_f get --ignore-not-found --no-headers --output=custom-columns=K:.kind,S:.metadata.namespace,N:.metadata.name |
grep -E '^(Deployment|StatefulSet|DaemonSet) '`);

const rollouts = sh`play_k8_r=$(${rolling})
while read -r play_k8_k play_k8_s play_k8_n; do
if [ -z "$play_k8_n" ]; then continue; fi
case $(play_k8 --namespace="$play_k8_s" rollout status --watch=false "$play_k8_k/$play_k8_n") in
(*'successfully rolled out'*|*'roll out complete'*|*'rolling update complete'*) ;;
(*) echo "$play_k8_k/$play_k8_n has not rolled out" ;;
esac
done <<PLAY_ROLLING
$play_k8_r
PLAY_ROLLING`;

function applied(wait: boolean, seconds: number): Sh {
  const apply = raw('play_k8_f apply >/dev/null || return');
  if (!wait) return apply;
  return sh`${apply}
play_k8_r=$(${rolling})
while read -r play_k8_k play_k8_s play_k8_n; do
if [ -z "$play_k8_n" ]; then continue; fi
play_k8 --namespace="$play_k8_s" rollout status ${`--timeout=${seconds}s`} "$play_k8_k/$play_k8_n" >/dev/null </dev/null || return
done <<PLAY_ROLLING
$play_k8_r
PLAY_ROLLING`;
}

const existing = raw(`play_k8_o=$(play_k8_f get --ignore-not-found --output=name 2>&1) || {
case $play_k8_o in
(*'namespaces "'*'" not found'*|*'no matches for kind'*) play_k8_o= ;;
(*) printf '%s\\n' "$play_k8_o" >&2; return 1 ;;
esac
}
if [ -n "$play_k8_o" ]; then printf '%s\\n' "$play_k8_o" | sed 's/$/ exists/'; else echo absent; fi`);

function removed(wait: boolean, seconds: number): Sh {
  return sh`play_k8_f delete --ignore-not-found ${wait ? ['--wait=true', `--timeout=${seconds}s`] : ['--wait=false']} >/dev/null`;
}
