import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Outcome, Resource, Sh } from '../../model/resource.ts';
import { joinSh, sh } from '../../program/sh.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { dockerLook, whereDocker } from '../shared/docker.ts';
import { choice, flag, text } from '../shared/params.ts';

const params = Type.Object(
  {
    name: Type.String({
      description: 'The image, `nginx` or `registry.example.com:5000/shop/web`; a tag may follow: `nginx:1.27`.',
      pattern: '^[A-Za-z0-9][A-Za-z0-9_./:@-]*$',
    }),
    tag: Type.Optional(
      Type.String({
        description: 'The tag, when `name` has none.',
        pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*$',
        default: 'latest',
      }),
    ),
    state: Type.Optional(choice(['present', 'absent'], 'Whether the host has the image.', 'present')),
    source: Type.Optional(
      choice(
        ['pull', 'build', 'local'],
        'Where it comes from: a registry, `build`, or it must be there. `build` when there is a `build`, else `pull`.',
      ),
    ),
    build: Type.Optional(
      Type.Object(
        {
          path: text('The directory on the host that is built from.'),
          dockerfile: Type.Optional(text('The file in it, when it is not `Dockerfile`.')),
          args: Type.Optional(
            Type.Record(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }), Type.String(), {
              description: 'Build arguments. They stay in the image: nothing for secrets.',
            }),
          ),
          target: Type.Optional(text('The stage to build.')),
          pull: Type.Optional(flag('Fetch newer images that it begins from.')),
          nocache: Type.Optional(flag('Build all steps again.')),
        },
        { additionalProperties: false, description: 'How it is built.' },
      ),
    ),
    force_source: Type.Optional(
      flag('Pull or build also when the image is there; changed when it is another one then.'),
    ),
    force_absent: Type.Optional(flag('Remove it also when stopped containers use it.')),
  },
  { additionalProperties: false },
);

/** An image by docker's own command line on the host. */
export const dockerImage = {
  name: 'docker_image',
  on: 'host',
  summary: 'The host has this image of docker, or has it no more. Not run on a real system.',
  params,
  result: { image: 'The image with its tag.', state: 'The state that was asked for.' },
  examples: [
    { docker_image: { name: 'nginx', tag: '1.27' } },
    { docker_image: { name: 'shop/web:{{version}}', build: { path: '/srv/shop', args: { VERSION: '{{version}}' } } } },
    { docker_image: { name: 'shop/web:1.3.0', state: 'absent' } },
  ],
  idempotent: true,
  shorthand: 'name',
  resource(params): Resource {
    const { state = 'present', build, source = build === undefined ? 'pull' : 'build', force_source = false } = params;
    const image = withTag(params);
    const result = () => ({ image, state });
    const look = whereDocker(joinSh([dockerLook, seen(image)]));
    if (state === 'absent') {
      const force = params.force_absent ? ['-f'] : [];
      return {
        kind: 'converge',
        probe: [{ sh: look }],
        expect: 'absent',
        apply: sh`docker rmi ${force} ${image} >/dev/null`,
        result,
      };
    }
    if ((source === 'build') !== (build !== undefined))
      throw badArgs('docker_image', 'source: build and build go together');
    const get =
      source === 'local'
        ? missing(image)
        : source === 'pull'
          ? sh`docker pull -q ${image} >/dev/null`
          : built(image, build);
    if (force_source && source !== 'local') return getAgain(image, get, result);
    return { kind: 'converge', probe: [{ sh: look }], expect: 'present', apply: get, result };
  },
} satisfies HostModule<typeof params>;

type Params = Static<typeof params>;

/** A digest (`@sha256:…`) or a tag in the name stands; a port of a registry is no tag. */
function withTag({ name, tag }: Params): string {
  const has = /[:@][^/]*$/.test(name);
  if (has && tag !== undefined) throw badArgs('docker_image', `name "${name}" has a tag already`);
  return has ? name : `${name}:${tag ?? 'latest'}`;
}

function seen(image: string): Sh {
  return sh`if play_dk_look image '{{.Id}}' ${image}; then
if [ -n "$play_dk_i" ]; then echo present; else echo absent; fi
else false; fi`;
}

function missing(image: string): Sh {
  return sh`printf '%s\\n' ${`there is no image ${image} on the host, and source: local does not get it`} >&2; false`;
}

function built(image: string, build: Params['build']): Sh {
  const path = hostPath('docker_image', 'build.path', build?.path ?? '.');
  const file = build?.dockerfile;
  const words = [
    '-q',
    `--tag=${image}`,
    ...(file === undefined ? [] : [`--file=${file.startsWith('/') ? file : `${path}/${file}`}`]),
    ...Object.entries(build?.args ?? {}).map(([key, value]) => `--build-arg=${key}=${value}`),
    ...(build?.target === undefined ? [] : [`--target=${build.target}`]),
    ...(build?.pull ? ['--pull'] : []),
    ...(build?.nocache ? ['--no-cache'] : []),
  ];
  return sh`docker build ${words} -- ${path} >/dev/null`;
}

/** What a registry or a build would give is not known before: whether it has changed is told by the id afterwards. */
function getAgain(image: string, get: Sh, result: () => { image: string; state: string }): Resource {
  const id = sh`docker image inspect --format '{{.Id}}' ${image} 2>/dev/null`;
  return {
    kind: 'action',
    run: sh`play_dk_i=$(${id})
${get} && play_dk_j=$(${id}) && if [ "$play_dk_i" = "$play_dk_j" ]; then echo same; else echo other; fi`,
    judge: ({ rc, stdout, stderr }: Outcome) =>
      rc === 0
        ? { status: stdout.includes('same') ? 'ok' : 'changed', fields: result() }
        : { status: 'failed', fields: result(), failure: stderr.trim() || `docker failed with ${rc}` },
  };
}
