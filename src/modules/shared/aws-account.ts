import { type Static, Type } from 'typebox';
import type { Account } from '../../aws/tasks/account.ts';
import { FileFault } from '../../aws/tasks/object-transfer.ts';
import { UnknownName } from '../../aws/tasks/sdk.ts';
import { AwsFault, openService, type Service } from '../../aws/tasks/service.ts';
import type { ControllerContext, ControllerResult } from '../../model/module.ts';
import type { Fields } from '../../model/value.ts';
import { sentence } from '../../problems/problem.ts';
import { badArgs } from './args.ts';
import { text } from './params.ts';

/** Who asks AWS, and where. */
export const accountParams = {
  region: Type.Optional(text('Region: `eu-central-1`. Else that of AWS_REGION, AWS_DEFAULT_REGION or the profile.')),
  profile: Type.Optional(text('Profile of `~/.aws/config`, also one with SSO, a role or a program that gives keys.')),
  access_key: Type.Optional(text('Access key id, with `secret_key`; else they are looked for as every AWS tool does.')),
  secret_key: Type.Optional(text('Secret access key.')),
  session_token: Type.Optional(text('Session token that belongs to keys that hold for a time.')),
  role_arn: Type.Optional(text('A role to take on for this task.')),
  role_session_name: Type.Optional(text('What the session is called in the logs of the account.', 'play')),
  endpoint_url: Type.Optional(text('Another address of the service, of something that speaks the same protocol.')),
};

const schema = Type.Object(accountParams);

/** The parameters that say who asks. */
export type AccountParams = Static<typeof schema>;

/** Fields that every task of AWS registers when it fails. */
export const faultFields = {
  error: 'Where AWS said no: `code` (`ParameterNotFound`), `message` and the HTTP `status`.',
};

/** Asks AWS for one task. What is opened is closed at the end; what AWS refuses becomes the task's failure, in words. */
export async function withAws(
  module: string,
  params: AccountParams,
  context: ControllerContext,
  work: (open: (service: string) => Service) => Promise<ControllerResult>,
): Promise<ControllerResult> {
  const services: Service[] = [];
  const account = accountOf(module, params, context);
  const env = { process: (context.lookup('env') ?? {}) as Record<string, string>, task: context.env };
  const near = context.localTarget('package.json');
  try {
    return await work((name) => {
      const service = openService(name, { account, env, near, signal: context.signal });
      services.push(service);
      return service;
    });
  } catch (error) {
    if (error instanceof UnknownName) throw badArgs(module, error.message, error.advice);
    if (error instanceof FileFault) return { changed: false, failed: error.message, fields: {} };
    if (!(error instanceof AwsFault)) throw error;
    return failed(error, context.check);
  } finally {
    for (const service of services) service.close();
  }
}

function failed({ problem, code, detail, status }: AwsFault, check: boolean): ControllerResult {
  const { message, hint } = sentence(problem);
  const error: Fields = { code, message: detail, ...(status !== undefined && { status }) };
  return {
    changed: false,
    failed: hint === undefined ? message : `${message}; ${hint}`,
    fields: { error },
    ...(check && { mayBeEarly: true }),
  };
}

function accountOf(module: string, params: AccountParams, context: ControllerContext): Account {
  const { region, profile, access_key: id, secret_key: secret, session_token: token, role_arn: role } = params;
  if ((id === undefined) !== (secret === undefined)) throw badArgs(module, 'access_key and secret_key belong together');
  if (token !== undefined && id === undefined) throw badArgs(module, 'session_token is given without access_key');
  if (id !== undefined && profile !== undefined) throw badArgs(module, 'access_key and profile exclude each other');
  for (const each of [secret, token]) if (each !== undefined) context.secret(each);
  return {
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(params.endpoint_url !== undefined && { endpoint: params.endpoint_url }),
    ...(id !== undefined &&
      secret !== undefined && {
        credentials: { accessKeyId: id, secretAccessKey: secret, ...(token !== undefined && { sessionToken: token }) },
      }),
    ...(role !== undefined && { role: { arn: role, session: params.role_session_name ?? 'play' } }),
  };
}
