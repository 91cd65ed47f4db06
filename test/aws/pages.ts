import { AwsError } from './errors.ts';
import type { Faults } from './faults.ts';

export interface Page<Item> {
  items: Item[];
  next: string | undefined;
}

/** What a list operation was asked for. */
export interface PageWanted<Item> {
  /** How many items a page has. */
  size: number;
  token: string | undefined;
  faults: Faults;
  /** Which items are meant; all when not said. */
  where?: (item: Item) => boolean;
}

/** One page of a list. A token is the place where the next one begins, so that all pages together look at each item once. */
export function page<Item>(list: readonly Item[], wanted: PageWanted<Item>): Page<Item> {
  const { size, token, faults, where = () => true } = wanted;
  const order = faults.shuffled ? shuffled(list) : (index: number) => list[index]!;
  const following = (from: number): number => {
    let index = from;
    while (index < list.length && !where(order(index))) index++;
    return index;
  };
  let index = following(token === undefined ? 0 : offsetOf(token));
  // "If the response has a NextToken, call again; a page may have fewer items than MaxResults, or none."
  // (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html and its kin)
  const isEmptyFirst = faults.shuffled && token === undefined;
  const items: Item[] = [];
  while (!isEmptyFirst && index < list.length && items.length < size) {
    items.push(order(index));
    index = following(index + 1);
  }
  return { items, next: index < list.length ? tokenOf(index) : undefined };
}

function tokenOf(offset: number): string {
  return Buffer.from(`play-${offset}`).toString('base64');
}

function offsetOf(token: string): number {
  const offset = /^play-(\d+)$/.exec(Buffer.from(token, 'base64').toString())?.[1];
  if (offset === undefined) throw new AwsError('InvalidNextToken', "The specified token isn't valid.");
  return Number(offset);
}

/** In no order that anybody expects, but in the same one for every page: strides through the list until each was there once. */
function shuffled<Item>(list: readonly Item[]): (index: number) => Item {
  let stride = Math.max(1, Math.floor(list.length * 0.618));
  while (common(stride, list.length) > 1) stride++;
  return (index) => list[(index * stride) % list.length]!;
}

/** The largest number that divides both. */
function common(a: number, b: number): number {
  return b === 0 ? a : common(b, a % b);
}
