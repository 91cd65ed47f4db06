import { createHash } from 'node:crypto';
import { AwsError } from './errors.ts';
import type { Faults } from './faults.ts';

export interface Page<Item> {
  items: Item[];
  next: string | undefined;
}

/** What a list operation was asked for. */
export interface PageWanted {
  /** How many items a page has. */
  size: number;
  token: string | undefined;
  faults: Faults;
}

/** One page of a list. */
export function page<Item>(list: readonly Item[], { size, token, faults }: PageWanted): Page<Item> {
  // "If the response has a NextToken, call again; a page may have fewer items than MaxResults, or none."
  // (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html and its kin)
  if (faults.shuffled && token === undefined && list.length > 0) return { items: [], next: tokenOf(0) };
  const start = token === undefined ? 0 : offsetOf(token);
  const ordered = faults.shuffled ? shuffled(list) : list;
  const end = start + size;
  return { items: ordered.slice(start, end), next: end < list.length ? tokenOf(end) : undefined };
}

function tokenOf(offset: number): string {
  return Buffer.from(`play-${offset}`).toString('base64');
}

function offsetOf(token: string): number {
  const offset = /^play-(\d+)$/.exec(Buffer.from(token, 'base64').toString())?.[1];
  if (offset === undefined) throw new AwsError('InvalidNextToken', "The specified token isn't valid.");
  return Number(offset);
}

/** In no order, but in the same one for every page. */
function shuffled<Item>(list: readonly Item[]): Item[] {
  const key = (index: number): string => createHash('sha1').update(String(index)).digest('hex');
  return list
    .map((item, index) => ({ item, key: key(index) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
}
