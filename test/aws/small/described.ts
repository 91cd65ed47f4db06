import { AwsError } from '../errors.ts';
import type { Call, Service } from '../types.ts';

interface Tag {
  Key: string;
  Value: string;
}

/** Names and what is known of each thing beside its value: words and tags. */
type Kept = Map<string, { description?: string | undefined; tags: Map<string, string> }>;

interface Input {
  Name?: string;
  SecretId?: string;
  ResourceId?: string;
  ResourceType?: string;
  Description?: string;
  Tags?: Tag[];
  TagKeys?: string[];
  ParameterFilters?: { Key?: string; Option?: string; Values?: string[] }[];
}

function keep(kept: Kept, name: string, { Description, Tags = [] }: Input): void {
  const before = kept.get(name);
  const tags = new Map([...(before?.tags ?? []), ...Tags.map(({ Key, Value }) => [Key, Value] as const)]);
  kept.set(name, { description: Description ?? before?.description, tags });
}

function tagsOf(kept: Kept, name: string): Tag[] {
  return [...(kept.get(name)?.tags ?? [])].map(([Key, Value]) => ({ Key, Value }));
}

/** Parameter Store with descriptions and tags. Source: the API reference of Systems Manager, page of each operation. */
export function describedParameters(store: Service): Service {
  const kept: Kept = new Map();
  const known = async (call: Call<Input>, name: string): Promise<unknown> =>
    store['GetParameter']?.({ ...call, params: { Name: name } } as never);
  return {
    ...store,
    async PutParameter(call: Call<Input & { Overwrite?: boolean }>) {
      const { Name = '', Tags, Overwrite } = call.params;
      // "tags and overwrite can't be used together": "To create a parameter with tags, please remove overwrite flag".
      if (Tags && Overwrite)
        throw new AwsError('ValidationException', "Invalid request: tags and overwrite can't be used together.");
      const done = await store['PutParameter']?.(call as never);
      keep(kept, Name, call.params);
      return done;
    },
    async DeleteParameter(call: Call<Input>) {
      kept.delete(call.params.Name ?? '');
      return store['DeleteParameter']?.(call as never);
    },
    async DescribeParameters(call: Call<Input>) {
      const names = call.params.ParameterFilters?.flatMap(({ Values = [] }) => Values) ?? [];
      const found = await Promise.all(names.map((name) => known(call, name).catch(() => undefined)));
      return {
        Parameters: names.flatMap((Name, i) => (found[i] ? [{ Name, Description: kept.get(Name)?.description }] : [])),
      };
    },
    async ListTagsForResource(call: Call<Input>) {
      if (call.params.ResourceType !== 'Parameter') return store['ListTagsForResource']?.(call as never);
      return { TagList: tagsOf(kept, call.params.ResourceId ?? '') };
    },
    async AddTagsToResource({ params }: Call<Input>) {
      keep(kept, params.ResourceId ?? '', params);
      return {};
    },
    async RemoveTagsFromResource({ params }: Call<Input>) {
      for (const key of params.TagKeys ?? []) kept.get(params.ResourceId ?? '')?.tags.delete(key);
      return {};
    },
  };
}

/** Secrets Manager with descriptions and tags. Source: its API reference, page of each operation. */
export function describedSecrets(store: Service): Service {
  const kept: Kept = new Map();
  return {
    ...store,
    async CreateSecret(call: Call<Input>) {
      const done = await store['CreateSecret']?.(call as never);
      keep(kept, call.params.Name ?? '', call.params);
      return done;
    },
    async DescribeSecret(call: Call<Input>) {
      const about = (await store['DescribeSecret']?.(call as never)) as { Name: string };
      return { ...about, Description: kept.get(about.Name)?.description, Tags: tagsOf(kept, about.Name) };
    },
    async UpdateSecret({ params }: Call<Input>) {
      keep(kept, params.SecretId ?? '', params);
      return {};
    },
    async TagResource({ params }: Call<Input>) {
      keep(kept, params.SecretId ?? '', params);
      return {};
    },
    async UntagResource({ params }: Call<Input>) {
      for (const key of params.TagKeys ?? []) kept.get(params.SecretId ?? '')?.tags.delete(key);
      return {};
    },
  };
}
