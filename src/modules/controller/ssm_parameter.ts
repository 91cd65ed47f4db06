import { type Static, Type } from 'typebox';
import { isNotFound, type Service } from '../../aws/tasks/service.ts';
import { type Tag, tagChanges, tagList, tagsOf } from '../../aws/tasks/tags.ts';
import type { ControllerModule, ControllerResult } from '../../model/module.ts';
import type { Fields } from '../../model/value.ts';
import { badArgs } from '../shared/args.ts';
import { accountParams, faultFields, withAws } from '../shared/aws-account.ts';
import { tagParams } from '../shared/aws-tags.ts';
import { choice, text } from '../shared/params.ts';
import { stateDiff } from '../shared/state-diff.ts';

const params = Type.Object(
  {
    name: text('Name: `/shop/db/url`.'),
    value: Type.Optional(text('Value that it shall have.')),
    state: Type.Optional(
      choice(
        ['present', 'absent', 'read'],
        'Whether it is to be there; `read` only looks, and fails when it is not.',
        'present',
      ),
    ),
    string_type: Type.Optional(
      choice(
        ['String', 'StringList', 'SecureString'],
        'What it is. A new one is a `String` when not said; others stay what they are.',
      ),
    ),
    description: Type.Optional(Type.String({ description: 'What it is for; left as it is when not said.' })),
    overwrite_value: Type.Optional(
      choice(['changed', 'never', 'always'], 'When a value that is there is replaced.', 'changed'),
    ),
    key_id: Type.Optional(text('KMS key of a `SecureString`; the one of the account when not said.')),
    tier: Type.Optional(choice(['Standard', 'Advanced', 'Intelligent-Tiering'], 'Its tier.')),
    ...tagParams,
    ...accountParams,
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

interface Found {
  Type: string;
  Value: string;
  Version: number;
  ARN: string;
}

/** What is known of a parameter; fields that were not asked for are missing. */
interface State {
  found: Found;
  description?: string;
  tags?: Record<string, string>;
}

/** A parameter of Parameter Store. */
export const ssmParameter = {
  name: 'ssm_parameter',
  on: 'controller',
  pure: false,
  summary: 'A parameter of Parameter Store has this value, is gone, or is read. Not run on a real system.',
  params,
  result: {
    value: 'The value that it has now. That of a `SecureString` is a secret: it can be used and is not shown.',
    parameter_metadata: '`name`, `type`, `version`, `arn`, and `description` and `tags` where they were said.',
    ...faultFields,
  },
  examples: [
    { ssm_parameter: { name: '/shop/db/url', value: 'postgres://db.example.com/shop' } },
    {
      ssm_parameter: {
        name: '/shop/db/password',
        value: '{{password}}',
        string_type: 'SecureString',
        tags: { app: 'shop' },
        region: 'eu-central-1',
      },
      vars: { password: 'secret' },
    },
    { ssm_parameter: { name: '/shop/db/password', state: 'read' }, register: 'password' },
    { ssm_parameter: { name: '/shop/old', state: 'absent' } },
  ],
  idempotent: true,
  checkMode: true,
  foreignParams: {
    decryption: 'leave it out: values are always decrypted, and not shown',
  },
  run(given, context) {
    const { state = 'present', name, value } = given;
    if (state === 'present' && value === undefined)
      throw badArgs('ssm_parameter', 'value is missing', 'state: read reads the one that is there');
    if (state !== 'present' && value !== undefined)
      throw badArgs('ssm_parameter', `value is given with state: ${state}`);
    if (given.string_type === 'SecureString' && value !== undefined) context.secret(value);
    return withAws('ssm_parameter', given, context, async (open) => {
      const service = open('ssm');
      const before = await look(service, given, state === 'read');
      if (before?.found.Type === 'SecureString') context.secret(before.found.Value);
      if (state === 'read') return { changed: false, fields: fieldsOf(name, before) };
      if (state === 'absent') {
        if (!before) return { changed: false, fields: {} };
        if (!context.check) await service.call('DeleteParameter', { Name: name });
        return { changed: true, fields: {}, diff: await stateDiff(name, shown(before), undefined) };
      }
      if (before?.found.Type === 'SecureString' && value !== undefined) context.secret(value);
      return put(service, { given, value: value ?? '', before, check: context.check });
    });
  },
} satisfies ControllerModule<typeof params>;

async function look(service: Service, given: Params, mustBe: boolean): Promise<State | undefined> {
  try {
    const input = { Name: given.name, WithDecryption: true };
    const { Parameter: found } = await service.call<{ Parameter: Found }>('GetParameter', input);
    const state: State = { found };
    if (given.description !== undefined) {
      const filter = { Key: 'Name', Option: 'Equals', Values: [given.name] };
      const { Parameters: [about] = [] } = await service.call<{ Parameters?: { Description?: string }[] }>(
        'DescribeParameters',
        { ParameterFilters: [filter] },
      );
      state.description = about?.Description ?? '';
    }
    if (given.tags !== undefined) state.tags = await tagsNow(service, given.name);
    return state;
  } catch (error) {
    if (!mustBe && isNotFound(error, 'ParameterNotFound')) return undefined;
    throw error;
  }
}

async function tagsNow(service: Service, name: string): Promise<Record<string, string>> {
  const input = { ResourceType: 'Parameter', ResourceId: name };
  return tagsOf((await service.call<{ TagList?: Tag[] }>('ListTagsForResource', input)).TagList);
}

async function put(
  service: Service,
  { given, value, before, check }: { given: Params; value: string; before: State | undefined; check: boolean },
): Promise<ControllerResult> {
  const { name, description, overwrite_value: overwrite = 'changed' } = given;
  const type = given.string_type ?? before?.found.Type ?? 'String';
  const keeps = before !== undefined && overwrite === 'never';
  const isSame =
    before?.found.Value === value &&
    before.found.Type === type &&
    (description === undefined || before.description === description);
  const writes = !keeps && (!isSame || overwrite === 'always');
  const { set, gone, after: tags } = tagChanges(before?.tags ?? {}, given.tags ?? {}, given.purge_tags ?? true);
  const retags = given.tags !== undefined && (Object.keys(set).length > 0 || gone.length > 0);
  if (!writes && !retags) return { changed: false, fields: fieldsOf(name, before) };
  const after: State = {
    found: {
      ARN: before?.found.ARN ?? '',
      Version: (before?.found.Version ?? 0) + (writes ? 1 : 0),
      ...(writes || !before ? { Type: type, Value: value } : { Type: before.found.Type, Value: before.found.Value }),
    },
    ...(description !== undefined && { description: keeps ? (before?.description ?? '') : description }),
    ...(given.tags !== undefined && { tags }),
  };
  if (!check) {
    if (writes) await write(service, { given, value, type, isNew: before === undefined });
    if (retags && before) await retag(service, name, { set, gone });
  }
  const diff = await stateDiff(name, before && shown(before), shown(after));
  return { changed: true, fields: fieldsOf(name, after), diff, ...(check && { isForecast: true as const }) };
}

/** Tags can be given only to a parameter that is new. */
async function write(
  service: Service,
  { given, value, type, isNew }: { given: Params; value: string; type: string; isNew: boolean },
): Promise<void> {
  await service.call('PutParameter', {
    Name: given.name,
    Value: value,
    Type: type,
    Description: given.description,
    KeyId: given.key_id,
    Tier: given.tier,
    ...(isNew ? given.tags && { Tags: tagList(given.tags) } : { Overwrite: true }),
  });
}

async function retag(service: Service, name: string, { set, gone }: { set: Record<string, string>; gone: string[] }) {
  const resource = { ResourceType: 'Parameter', ResourceId: name };
  if (gone.length > 0) await service.call('RemoveTagsFromResource', { ...resource, TagKeys: gone });
  if (Object.keys(set).length > 0) await service.call('AddTagsToResource', { ...resource, Tags: tagList(set) });
}

function shown({ found, description, tags }: State): Fields {
  return { type: found.Type, value: found.Value, description: description ?? null, tags: tags ?? null };
}

function fieldsOf(name: string, state: State | undefined): Fields {
  if (!state) return {};
  const { found, description, tags } = state;
  return {
    value: found.Value,
    parameter_metadata: {
      name,
      type: found.Type,
      version: found.Version,
      ...(found.ARN !== '' && { arn: found.ARN }),
      ...(description !== undefined && { description }),
      ...(tags !== undefined && { tags }),
    },
  };
}
