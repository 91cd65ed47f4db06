import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import type { Value } from '../../model/value.ts';
import { joinSh, raw, sh } from '../../program/sh.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { choice, flag, text } from '../shared/params.ts';

const dnsName = '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$';

const params = Type.Object(
  {
    name: Type.String({ description: 'The release.', pattern: dnsName, maxLength: 53 }),
    release_namespace: Type.String({ description: 'Its namespace.', pattern: dnsName }),
    chart_ref: Type.Optional(
      Type.String({
        description:
          'The chart: `repo/name`, an `oci://` address, a URL, a path on the host, or a name in `chart_repo_url`.',
        pattern: '^[^-\\s]\\S*$',
      }),
    ),
    chart_version: Type.Optional(text('Version of the chart; the newest when not said.')),
    chart_repo_url: Type.Optional(text('Address of the repository of charts.')),
    values: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'The values of the release; none other are kept. They stay out of diffs and command lines.',
      }),
    ),
    state: Type.Optional(choice(['present', 'absent'], 'Whether the release exists.', 'present')),
    create_namespace: Type.Optional(flag('Make the namespace when it is missing.')),
    wait: Type.Optional(flag('Wait until all is ready.')),
    atomic: Type.Optional(flag('Go back to what was before when it does not become ready.')),
    timeout: Type.Optional(
      Type.String({
        description: 'How long to wait: `90s`, `10m`; 5 minutes when not said.',
        pattern: '^([0-9]+(h|m|s))+$',
      }),
    ),
    kubeconfig: Type.Optional(text('The configuration file on the host; what helm takes by itself when not said.')),
    context: Type.Optional(text('The context in it.')),
  },
  { additionalProperties: false },
);

/** A release of a chart by helm on the host. */
export const helm = {
  name: 'helm',
  on: 'host',
  summary: 'A release of helm has this chart and these values, or does not exist. Not run on a real system.',
  params,
  result: { name: 'The release.', state: 'The state that was asked for.' },
  examples: [
    { helm: { name: 'shop', release_namespace: 'shop', chart_ref: '/srv/charts/shop', create_namespace: true } },
    {
      helm: {
        name: 'cache',
        release_namespace: 'shop',
        chart_repo_url: 'https://charts.example.com',
        chart_ref: 'redis',
        chart_version: '19.6.0',
        values: { auth: { password: '{{redis_password}}' } },
        wait: true,
      },
    },
    { helm: { name: 'old', release_namespace: 'shop', state: 'absent' } },
  ],
  idempotent: true,
  resource(params): Converge {
    const { name, state = 'present' } = params;
    const tools = joinSh([helmProgram(params), look(params)]);
    const result = () => ({ name, state });
    if (state === 'absent') {
      const apply = sh`play_hm uninstall ${name} ${waiting(params, ['--wait'])} >/dev/null`;
      const see = raw(`play_hm_look && if [ -n "$play_hm_i" ]; then echo present; else echo absent; fi`);
      return {
        kind: 'converge',
        probe: [{ sh: whereHelm(joinSh([tools, see])) }],
        expect: 'absent',
        apply: joinSh([tools, apply]),
        result,
      };
    }
    if (params.chart_ref === undefined) throw badArgs('helm', 'chart_ref is missing', 'it says what is installed');
    const ref = params.chart_ref.startsWith('oci://')
      ? params.chart_ref
      : hostPath('helm', 'chart_ref', params.chart_ref);
    const chart = [ref, ...chartWords(params)];
    return {
      kind: 'converge',
      probe: [{ sh: whereHelm(joinSh([tools, see(params)])) }],
      expect: joinSh([tools, chartName(chart)]),
      apply: joinSh([tools, install(params, chart)]),
      result,
    };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

function whereHelm(body: Sh): Sh {
  return joinSh([
    raw('if command -v helm >/dev/null 2>&1; then'),
    body,
    raw(`else echo 'there is no helm on the host' >&2; (exit 10)
fi`),
  ]);
}

function helmProgram({ kubeconfig, context, release_namespace }: Params): Sh {
  const words = [
    `--namespace=${release_namespace}`,
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${hostPath('helm', 'kubeconfig', kubeconfig)}`]),
    ...(context === undefined ? [] : [`--kube-context=${context}`]),
  ];
  return sh`play_hm() { helm "$@" ${words}; }`;
}

/** Defines `play_hm_look`: puts what helm lists about the release into play_hm_i, one line of JSON; empty when there is none. */
function look({ name }: Params): Sh {
  // Every state, said one by one: the option for all is not in every version.
  const states = ['--deployed', '--failed', '--pending', '--superseded', '--uninstalling'];
  return sh`play_hm_look() {
play_hm_i=$(play_hm list ${states} --output=json ${`--filter=^${name.replaceAll('.', '[.]')}$`}) || return
case $play_hm_i in ('[]'|null) play_hm_i= ;; esac
}`;
}

/** Prints chart, state and whether the values are the given ones, never the values. */
function see({ name, values }: Params): Sh {
  return sh`play_hm_see() {
play_hm_look || return
if [ -z "$play_hm_i" ]; then echo absent; return; fi
printf '%s\\n' "$play_hm_i" | sed -n 's/^.*"status":"\\([^"]*\\)".*"chart":"\\([^"]*\\)".*$/chart \\2\\
\\1/p'
play_hm_v=$(play_hm get values ${name} --output=json) || return
if [ "$play_hm_v" = ${valuesText(values)} ]; then echo 'values as given'; else echo 'other values'; fi
}
play_hm_see`;
}

/** What the chart is called now: its own name and version, as helm lists them. */
function chartName(chart: string[]): Sh {
  return sh`if play_hm_i=$(play_hm show chart ${chart}); then
printf 'chart %s-%s\\n' "$(printf '%s\\n' "$play_hm_i" | sed -n "s/^name: *[\\"']*\\([^\\"']*\\).*/\\1/p")" "$(printf '%s\\n' "$play_hm_i" | sed -n "s/^version: *[\\"']*\\([^\\"']*\\).*/\\1/p")"
echo deployed
echo 'values as given'
else false; fi`;
}

function install({ name, values, create_namespace, ...params }: Params, chart: string[]): Sh {
  const words = [
    ...(create_namespace ? ['--create-namespace'] : []),
    ...waiting(params, [...(params.wait ? ['--wait'] : []), ...(params.atomic ? ['--atomic'] : [])]),
  ];
  const upgrade = sh`play_hm upgrade --install ${name} ${[...chart, '--reset-values', ...words]}`;
  return hasValues(values)
    ? sh`play_out ${valuesText(values)} | ${upgrade} --values=- >/dev/null`
    : sh`${upgrade} >/dev/null`;
}

function chartWords({ chart_version, chart_repo_url }: Params): string[] {
  return [
    ...(chart_version === undefined ? [] : [`--version=${chart_version}`]),
    ...(chart_repo_url === undefined ? [] : [`--repo=${chart_repo_url}`]),
  ];
}

function waiting({ wait, atomic, timeout }: Pick<Params, 'wait' | 'atomic' | 'timeout'>, words: string[]): string[] {
  if (timeout !== undefined && !wait && !atomic) throw badArgs('helm', 'timeout is for wait or atomic');
  return wait || atomic ? [...words, ...(timeout === undefined ? [] : [`--timeout=${timeout}`])] : [];
}

function hasValues(values: Params['values']): boolean {
  return values !== undefined && Object.keys(values).length > 0;
}

/** Values as \`helm get values --output=json\` prints them: encoding/json of Go sorts keys and escapes what could end a script in HTML. */
function valuesText(values: Params['values']): string {
  if (!hasValues(values)) return 'null';
  return sortedJson(values as Value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Keys by their bytes; an object of JavaScript would put those that are numbers first. */
function sortedJson(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const keys = Object.keys(value).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${keys.map((key) => `${JSON.stringify(key)}:${sortedJson(value[key] as Value)}`).join(',')}}`;
}
