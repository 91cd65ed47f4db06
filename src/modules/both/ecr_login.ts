import { Type } from 'typebox';
import type { BothModule } from '../../model/module.ts';
import { accountParams, faultFields, withAws } from '../shared/aws-account.ts';
import { flag, text } from '../shared/params.ts';

const params = Type.Object(
  {
    registry_id: Type.Optional(text('Account whose registry it is; the one that asks when not said.')),
    docker: Type.Optional(text('The program on the host that logs in, which may also be `podman`.', 'docker')),
    login: Type.Optional(flag('Log in on the host; else the password is only fetched.', true)),
    ...accountParams,
  },
  { additionalProperties: false },
);

interface Granted {
  authorizationData?: { authorizationToken?: string; proxyEndpoint?: string; expiresAt?: Date }[];
}

/** Logs in to a registry of ECR. The password is asked for by this machine and goes to the host's docker on standard input. */
export const ecrLogin = {
  name: 'ecr_login',
  on: 'both',
  summary: 'The host’s docker is logged in to a registry of ECR, for twelve hours. Not run on a real system.',
  params,
  result: {
    registry: 'The registry: `123456789012.dkr.ecr.eu-central-1.amazonaws.com`.',
    username: 'Always `AWS`.',
    password: 'The password that holds for twelve hours: it can be used and is not shown.',
    expires_at: 'Until when it holds.',
    ...faultFields,
  },
  examples: [
    { ecr_login: { region: 'eu-central-1' }, become: true },
    { ecr_login: { registry_id: '210987654321', docker: 'podman', profile: 'prod' } },
    { ecr_login: { login: false }, register: 'ecr' },
  ],
  idempotent: false,
  checkMode: true,
  telling: 'registry_id',
  run: (given, context) =>
    withAws('ecr_login', given, context, async (open) => {
      const { registry_id: id, docker = 'docker', login = true } = given;
      const input = id === undefined ? {} : { registryIds: [id] };
      const { authorizationData: [granted] = [] } = await open('ecr').call<Granted>('GetAuthorizationToken', input);
      const token = Buffer.from(granted?.authorizationToken ?? '', 'base64').toString();
      const username = token.slice(0, token.indexOf(':'));
      const password = token.slice(token.indexOf(':') + 1);
      if (granted?.authorizationToken !== undefined) context.secret([granted.authorizationToken, password]);
      const registry = (granted?.proxyEndpoint ?? '').replace(/^https:\/\//, '');
      const until = granted?.expiresAt?.toISOString();
      const fields = { registry, username, password, ...(until !== undefined && { expires_at: until }) };
      if (!login) return { changed: false, fields, message: `for ${registry}` };
      if (context.check) return { changed: true, fields, message: `${docker} would log in to ${registry}` };
      const argv = [docker, 'login', '--username', username, '--password-stdin', registry];
      await context.visit([{ kind: 'action', run: { argv, stdin: password, env: context.env } }]);
      return { changed: true, fields, message: `${docker} is logged in to ${registry}` };
    }),
} satisfies BothModule<typeof params>;
