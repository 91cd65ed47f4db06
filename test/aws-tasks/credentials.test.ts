import { chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openScene, type Scene } from './scene.ts';

/* Who asks: every way to credentials that can be tried without AWS. */

let scene: Scene;
let keys: string;
beforeAll(async () => {
  scene = await openScene({ parameters: { a: 'b' } });
  keys = `aws_access_key_id = ${scene.aws.env['AWS_ACCESS_KEY_ID']}\naws_secret_access_key = ${scene.aws.env['AWS_SECRET_ACCESS_KEY']}\n`;
});
afterAll(() => scene[Symbol.asyncDispose]());

const who = '- aws_caller_info: {}';
const user = 'arn:aws:iam::123456789012:user/play';
const role = 'arn:aws:iam::123456789012:role/deploy';
const session = (name: string) => `arn:aws:sts::123456789012:assumed-role/deploy/${name}`;
const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };

/** The environment without keys, with these files. */
function files(config: string, credentials = ''): Record<string, string> {
  return {
    ...none,
    AWS_CONFIG_FILE: scene.stage.desk.file('config', config),
    AWS_SHARED_CREDENTIALS_FILE: scene.stage.desk.file('credentials', credentials),
  };
}

describe('credentials come from', () => {
  test('the environment of play, or of the task', async () => {
    expect((await scene.run(who)).stdout).toContain(`${user} in account 123456789012`);
    const task = `${who}\n  env: { AWS_ACCESS_KEY_ID: '{{env.KEY}}', AWS_SECRET_ACCESS_KEY: '{{env.SECRET}}' }`;
    const { AWS_ACCESS_KEY_ID: KEY = '', AWS_SECRET_ACCESS_KEY: SECRET = '' } = scene.aws.env;
    expect((await scene.run(task, [], { ...none, KEY, SECRET })).stdout).toContain(user);
  });

  test('a profile, also one that takes on a role or asks a program', async () => {
    const program = scene.stage.desk.file(
      'keys.sh',
      `#!/bin/sh\necho '{"Version":1,"AccessKeyId":"${scene.aws.env['AWS_ACCESS_KEY_ID']}","SecretAccessKey":"${scene.aws.env['AWS_SECRET_ACCESS_KEY']}"}'\n`,
    );
    chmodSync(program, 0o755);
    const env = files(
      `[profile base]\nregion = eu-west-3\n${keys}\n[profile deploy]\nregion = eu-west-3\nrole_arn = ${role}\nsource_profile = base\nrole_session_name = chain\n[profile program]\ncredential_process = ${program}\n`,
    );
    const story = await scene.run(
      `
      - aws_caller_info: { profile: base }
        register: base
      - aws_caller_info: { profile: deploy }
        register: deploy
      - aws_caller_info: { profile: program, region: eu-west-3 }
        register: program
      - assert: { that: ['base.arn == "${user}"', 'deploy.arn == "${session('chain')}"', 'program.arn == "${user}"'] }
      `,
      [],
      { ...env, AWS_REGION: undefined },
    );
    expect(story.exit, story.stdout).toBe(0);
    expect(new Set(scene.aws.calls.slice(-4).map(({ region }) => region))).toEqual(new Set(['eu-west-3']));
  });

  test('a role that the task takes on, and keys that a task before got', async () => {
    const story = await scene.run(
      `
      - aws_caller_info: { role_arn: '${role}', role_session_name: one }
        register: one
      - sts_assume_role: { role_arn: '${role}', role_session_name: two }
        register: keys
      - aws_caller_info:
          access_key: '{{keys.sts_creds.access_key}}'
          secret_key: '{{keys.sts_creds.secret_key}}'
          session_token: '{{keys.sts_creds.session_token}}'
        register: two
      - debug: { var: keys }
      - assert: { that: ['one.arn == "${session('one')}"', 'two.arn == "${session('two')}"'] }
      `,
      ['-vv'],
    );
    expect(story.exit, story.stdout).toBe(0);
    expect(story.told('web1', 'debug')).toMatch(/secret_key.*\*\*\*/s);
    expect(story.told('web1', 'debug')).toMatch(/session_token.*\*\*\*/s);
  });

  test('a web identity, a container and an instance', async () => {
    const token = scene.stage.desk.file('token', 'header.payload.signature');
    const web = { ...none, AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: token, AWS_ROLE_SESSION_NAME: 'web' };
    expect((await scene.run(who, [], web)).stdout).toContain(session('web'));

    const container = createServer((_, response) => {
      const { AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey } = scene.aws.env;
      const Expiration = new Date(Date.now() + 3_600_000).toISOString();
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ AccessKeyId, SecretAccessKey, Token: 'none', Expiration }));
    });
    await new Promise<void>((resolve) => container.listen(0, '127.0.0.1', resolve));
    const uri = `http://127.0.0.1:${(container.address() as AddressInfo).port}/keys`;
    const asked = await scene.run(who, [], { ...none, AWS_CONTAINER_CREDENTIALS_FULL_URI: uri });
    container.close();
    expect(asked.stdout).toMatch(new RegExp(`${user}|InvalidClientTokenId|ExpiredToken`));

    const instance = { ...none, ...scene.aws.instanceEnv, AWS_EC2_METADATA_DISABLED: 'false' };
    expect((await scene.run(who, [], instance)).stdout).toContain('in account 123456789012');
  });
});

describe('without credentials that hold', () => {
  test('a task says what it looked for', async () => {
    const story = await scene.run(who, [], files(''));
    expect(story.exit).toBe(3);
    expect(story.stdout).toContain('sts:GetCallerIdentity: no credentials were found');
    expect(story.stdout).toContain('a container and the instance');
  });

  test('a session of SSO that has ended is told apart', async () => {
    const sso = `[profile sso]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = dev\n[sso-session corp]\nsso_start_url = https://corp.example.com/start\nsso_region = eu-central-1\nsso_registration_scopes = sso:account:access\n`;
    // The name of the cache is the SHA-1 of the session's.
    const cache = `~/.aws/sso/cache/${(await import('node:crypto')).createHash('sha1').update('corp').digest('hex')}.json`;
    scene.stage.desk.file(cache, JSON.stringify({ accessToken: 'x', expiresAt: '2020-01-01T00:00:00Z' }));
    const story = await scene.run('- aws_caller_info: { profile: sso }', [], files(sso));
    expect(story.exit).toBe(3);
    expect(story.stdout).toContain('the credentials have expired');
    expect(story.stdout).toContain('aws sso login');
  });

  test('keys that are unknown or over, a missing region and a profile that there is not are named', async () => {
    const unknown = await scene.run(who, [], { AWS_ACCESS_KEY_ID: 'AKIANOBODY', AWS_SECRET_ACCESS_KEY: 'x' });
    expect(unknown.stdout).toContain('AWS does not take the credentials');
    scene.aws.faults.expiredFrom = 1;
    const over = await scene.run(who);
    delete scene.aws.faults.expiredFrom;
    expect(over.stdout).toContain('the credentials have expired');
    const nowhere = await scene.run(`- aws: { service: ssm, operation: get_parameter, params: { Name: a } }`, [], {
      AWS_REGION: '',
    });
    expect(nowhere.stdout).toContain('ssm:GetParameter: no region is known');
    const profile = await scene.run('- aws_caller_info: { profile: nobody }', [], files(''));
    expect(profile.stdout).toContain('no credentials were found for the profile nobody');
    expect(profile.stdout).toContain('nobody has to be in ~/.aws/config or ~/.aws/credentials');
  });

  test('a service that asks to slow down is asked again, and told of in the end', async () => {
    scene.aws.faults.throttle = [{ action: 'ssm:GetParameter', first: 2 }];
    const ask = '- ssm_parameter: { name: a, state: read }';
    expect((await scene.run(ask)).exit).toBe(0);
    scene.aws.faults.throttle = [];
  });
});
