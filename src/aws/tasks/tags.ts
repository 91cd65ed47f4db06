/** A tag as most services write it. */
export interface Tag {
  Key?: string;
  Value?: string;
}

/** Tags by their keys. */
export function tagsOf(list: readonly Tag[] = []): Record<string, string> {
  return Object.fromEntries(list.map(({ Key = '', Value = '' }) => [Key, Value]));
}

/** Tags as services want them. */
export function tagList(tags: Readonly<Record<string, string>>): Required<Tag>[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** What is to be set and what is to go, so that the wanted tags are there, and with `purge` only those. Tags of AWS itself stay. */
export function tagChanges(
  before: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
  purge: boolean,
): { set: Record<string, string>; gone: string[]; after: Record<string, string> } {
  const set = Object.fromEntries(Object.entries(wanted).filter(([key, value]) => before[key] !== value));
  const gone = purge ? Object.keys(before).filter((key) => !(key in wanted) && !key.startsWith('aws:')) : [];
  const kept = Object.fromEntries(Object.entries(before).filter(([key]) => !gone.includes(key)));
  return { set, gone, after: { ...kept, ...set } };
}
