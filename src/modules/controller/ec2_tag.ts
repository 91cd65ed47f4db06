import { Type } from 'typebox';
import type { Service } from '../../aws/tasks/service.ts';
import { type Tag, tagChanges, tagList, tagsOf } from '../../aws/tasks/tags.ts';
import type { ControllerModule } from '../../model/module.ts';
import { badArgs } from '../shared/args.ts';
import { accountParams, faultFields, withAws } from '../shared/aws-account.ts';
import { tagMap } from '../shared/aws-tags.ts';
import { choice, flag, text } from '../shared/params.ts';
import { stateDiff } from '../shared/state-diff.ts';

const params = Type.Object(
  {
    resource: text('Id of anything of EC2: `i-0123456789abcdef0`, `vol-0123456789abcdef0`.'),
    tags: Type.Optional(
      tagMap('The tags. With `absent` they go where they have this value; an empty one stands for any.'),
    ),
    state: Type.Optional(choice(['present', 'absent'], 'Whether it has them.', 'present')),
    purge_tags: Type.Optional(flag('Tags that are not said go.')),
    ...accountParams,
  },
  { additionalProperties: false },
);

/** Tags of something of EC2. */
export const ec2Tag = {
  name: 'ec2_tag',
  on: 'controller',
  pure: false,
  summary: 'Something of EC2 has these tags, or has them no more. Not run on a real system.',
  params,
  result: {
    tags: 'The tags that it has now.',
    added_tags: 'Those that were set.',
    removed_tags: 'Those that are gone, with the values that they had.',
    ...faultFields,
  },
  examples: [
    { ec2_tag: { resource: 'i-0123456789abcdef0', tags: { Name: 'web-1', role: 'web' } } },
    { ec2_tag: { resource: 'vol-0123456789abcdef0', tags: { old: '' }, state: 'absent', region: 'eu-central-1' } },
    { ec2_tag: { resource: 'i-0123456789abcdef0', tags: { Name: 'web-1' }, purge_tags: true } },
  ],
  idempotent: true,
  checkMode: true,
  run(given, context) {
    const { resource, tags: wanted = {}, state = 'present', purge_tags: purge = false } = given;
    if (purge && state === 'absent') throw badArgs('ec2_tag', 'purge_tags is given with state: absent');
    if (Object.keys(wanted).length === 0 && !purge) throw badArgs('ec2_tag', 'tags is missing');
    return withAws('ec2_tag', given, context, async (open) => {
      const ec2 = open('ec2');
      const before = await tagsNow(ec2, resource);
      const leaving = Object.keys(wanted).filter(
        (key) => before[key] !== undefined && (wanted[key] === '' || before[key] === wanted[key]),
      );
      const { set, gone } = state === 'present' ? tagChanges(before, wanted, purge) : { set: {}, gone: leaving };
      const kept = Object.entries(before).filter(([key]) => !gone.includes(key));
      const after = { ...Object.fromEntries(kept), ...set };
      const sets = Object.keys(set).length > 0;
      if (!context.check) {
        const Resources = [resource];
        if (gone.length > 0)
          await ec2.call('DeleteTags', { Resources, Tags: gone.map((Key) => ({ Key, Value: before[Key] })) });
        if (sets) await ec2.call('CreateTags', { Resources, Tags: tagList(set) });
      }
      const removed = Object.fromEntries(gone.map((key) => [key, before[key] ?? '']));
      return {
        changed: sets || gone.length > 0,
        fields: { tags: after, added_tags: set, removed_tags: removed },
        diff: await stateDiff(resource, before, after),
      };
    });
  },
} satisfies ControllerModule<typeof params>;

/** Also of a resource that there is not: it has none. EC2 says so when they are set. */
async function tagsNow(ec2: Service, resource: string): Promise<Record<string, string>> {
  const tags: Tag[] = [];
  const input = { Filters: [{ Name: 'resource-id', Values: [resource] }] };
  for await (const { Tags = [] } of ec2.pages<{ Tags?: Tag[] }>('DescribeTags', input)) tags.push(...Tags);
  return tagsOf(tags);
}
