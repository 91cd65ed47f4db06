import { type Static, Type } from 'typebox';
import { secretParts } from '../../aws/tasks/secret-parts.ts';
import { isNotFound, type Service } from '../../aws/tasks/service.ts';
import { type Tag, tagChanges, tagList, tagsOf } from '../../aws/tasks/tags.ts';
import type { ControllerContext, ControllerModule, ControllerResult } from '../../model/module.ts';
import type { Fields, Value } from '../../model/value.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { accountParams, faultFields, withAws } from '../shared/aws-account.ts';
import { tagParams } from '../shared/aws-tags.ts';
import { choice, flag, text } from '../shared/params.ts';
import { stateDiff } from '../shared/state-diff.ts';

const params = Type.Object(
  {
    name: text('Name, or the ARN of one that is there.'),
    state: Type.Optional(
      choice(
        ['present', 'absent', 'read'],
        'Whether it is to be there; `read` only looks, and fails when it is not.',
        'present',
      ),
    ),
    secret: Type.Optional(text('The secret, a text.')),
    json_secret: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'The secret, a mapping that is kept as JSON.' }),
    ),
    overwrite: Type.Optional(flag('Replace a secret that is there and differs.', true)),
    description: Type.Optional(Type.String({ description: 'What it is for; left as it is when not said.' })),
    kms_key_id: Type.Optional(text('KMS key; the one of the account for a new secret when not said.')),
    recovery_window: Type.Optional(
      Type.Integer({
        description: 'Days in which one that is deleted can be brought back: 7 to 30, or 0 for none.',
        minimum: 0,
        maximum: 30,
        default: 30,
      }),
    ),
    ...tagParams,
    ...accountParams,
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

interface Described {
  ARN: string;
  Description?: string;
  KmsKeyId?: string;
  Tags?: Tag[];
  DeletedDate?: Date;
}

/** A secret as it is; `secret` is undefined for bytes, and where none has been put in yet. */
interface State {
  about: Described;
  secret?: string;
}

const rules = { name: 'secretsmanager_secret', exclusive: [['secret', 'json_secret']] };

/** A secret of Secrets Manager. */
export const secretsmanagerSecret = {
  name: 'secretsmanager_secret',
  on: 'controller',
  pure: false,
  summary: 'A secret of Secrets Manager is there, is gone, or is read. Not run on a real system.',
  params,
  result: {
    secret: 'The secret, a text: it can be used and is not shown.',
    json: 'The same where it is JSON; `null` where not.',
    arn: 'Its ARN.',
    ...faultFields,
  },
  examples: [
    {
      secretsmanager_secret: {
        name: 'shop/db',
        json_secret: { user: 'shop', password: '{{password}}' },
        tags: { app: 'shop' },
      },
      vars: { password: 'secret' },
    },
    { secretsmanager_secret: { name: 'shop/db', state: 'read', region: 'eu-central-1' }, register: 'db' },
    { secretsmanager_secret: { name: 'shop/old', state: 'absent', recovery_window: 7 } },
  ],
  idempotent: true,
  checkMode: true,
  exclusive: rules.exclusive,
  run(given, context) {
    checkArgs(rules, given);
    const { state = 'present', json_secret: json, recovery_window: days = 30 } = given;
    const wanted = json === undefined ? given.secret : JSON.stringify(json);
    if (state === 'present' && wanted === undefined)
      throw badArgs(rules.name, 'secret or json_secret is missing', 'state: read reads the one that is there');
    if (state !== 'present' && wanted !== undefined)
      throw badArgs(rules.name, `a secret is given with state: ${state}`);
    if (days > 0 && days < 7) throw badArgs(rules.name, `recovery_window is ${days}`, 'write 7 to 30, or 0');
    if (wanted !== undefined) context.secret(secretParts(wanted));
    return withAws(rules.name, given, context, async (open) => {
      const service = open('secretsmanager');
      const before = await look(service, given.name, context, state === 'read');
      if (state === 'read') return { changed: false, fields: fieldsOf(before) };
      if (state === 'absent') return remove(service, { given, before, days, check: context.check });
      return put(service, { given, wanted: wanted ?? '', before, check: context.check });
    });
  },
} satisfies ControllerModule<typeof params>;

async function look(
  service: Service,
  name: string,
  context: ControllerContext,
  mustBe: boolean,
): Promise<State | undefined> {
  if (mustBe) return { about: { ARN: name }, ...(await read(service, name, context)) };
  const about = await orNothing(service.call<Described>('DescribeSecret', { SecretId: name }));
  if (!about || about.DeletedDate) return about && { about };
  // One that nobody has put a value into is there, and has none.
  return { about, ...(await orNothing(read(service, name, context))) };
}

async function read(service: Service, name: string, context: ControllerContext): Promise<{ secret?: string }> {
  const { SecretString: secret } = await service.call<{ SecretString?: string }>('GetSecretValue', { SecretId: name });
  if (secret === undefined) return {};
  context.secret(secretParts(secret));
  return { secret };
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isNotFound(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

async function put(
  service: Service,
  { given, wanted, before, check }: { given: Params; wanted: string; before: State | undefined; check: boolean },
): Promise<ControllerResult> {
  const { name, description, kms_key_id: key, overwrite = true } = given;
  const { set, gone, after: tags } = tagChanges(tagsOf(before?.about.Tags), given.tags ?? {}, given.purge_tags ?? true);
  const is = {
    restored: before?.about.DeletedDate !== undefined,
    written: before !== undefined && overwrite && !isEqual(before.secret, wanted),
    described:
      before !== undefined &&
      ((description !== undefined && description !== (before.about.Description ?? '')) ||
        (key !== undefined && key !== before.about.KmsKeyId)),
    tagged: before !== undefined && given.tags !== undefined && Object.keys(set).length + gone.length > 0,
  };
  if (before && !Object.values(is).some(Boolean)) return { changed: false, fields: fieldsOf(before) };
  const secret = before && !is.written ? before.secret : wanted;
  const after: State = {
    about: {
      ARN: before?.about.ARN ?? '',
      Description: description ?? before?.about.Description ?? '',
      Tags: tagList(given.tags === undefined ? tagsOf(before?.about.Tags) : tags),
    },
    ...(secret !== undefined && { secret }),
  };
  if (!check) {
    const at = { SecretId: name };
    if (!before) {
      const tagged = given.tags && { Tags: tagList(given.tags) };
      const made = { Name: name, SecretString: wanted, Description: description, KmsKeyId: key, ...tagged };
      after.about.ARN = (await service.call<{ ARN: string }>('CreateSecret', made)).ARN;
    }
    if (is.restored) await service.call('RestoreSecret', at);
    if (is.described) await service.call('UpdateSecret', { ...at, Description: description, KmsKeyId: key });
    if (is.written) await service.call('PutSecretValue', { ...at, SecretString: wanted });
    if (is.tagged && gone.length > 0) await service.call('UntagResource', { ...at, TagKeys: gone });
    if (is.tagged && Object.keys(set).length > 0) await service.call('TagResource', { ...at, Tags: tagList(set) });
  }
  const diff = await stateDiff(name, before && shown(before), shown(after));
  return { changed: true, fields: fieldsOf(after), diff, ...(check && { isForecast: true as const }) };
}

async function remove(
  service: Service,
  { given, before, days, check }: { given: Params; before: State | undefined; days: number; check: boolean },
): Promise<ControllerResult> {
  if (!before || before.about.DeletedDate) return { changed: false, fields: {} };
  const when = days === 0 ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: days };
  if (!check) await service.call('DeleteSecret', { SecretId: given.name, ...when });
  return { changed: true, fields: {}, diff: await stateDiff(given.name, shown(before), undefined) };
}

/** JSON counts as equal when it says the same. */
function isEqual(before: string | undefined, wanted: string): boolean {
  if (before === undefined || before === wanted) return before === wanted;
  const [a, b] = [jsonOf(before), jsonOf(wanted)];
  return a !== null && JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: Value): Value {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]));
}

function jsonOf(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return null;
  }
}

function shown({ about, secret }: State): Fields {
  return {
    secret: secret ?? null,
    description: about.Description ?? '',
    tags: tagsOf(about.Tags),
    ...(about.DeletedDate && { deleted: true }),
  };
}

function fieldsOf(state: State | undefined): Fields {
  if (!state) return {};
  const { about, secret } = state;
  return {
    ...(about.ARN !== '' && { arn: about.ARN }),
    ...(secret !== undefined && { secret, json: jsonOf(secret) }),
  };
}
