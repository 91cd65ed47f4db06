import type { AwsPlugin, Filters } from '../aws/inventory/question.ts';
import type { Value } from '../model/value.ts';
import { isFields } from './draft.ts';
import { knownKeys, type Path, refusesTemplate, type Shape, shapeFault } from './shape.ts';

/** Filters of DescribeInstanceInformation; those of tags have any name behind `tag:`. EC2 has more than a hundred, and says itself which it does not know. */
const ssmFilters = [
  ...['ActivationIds', 'AgentVersion', 'AssociationStatus', 'IamRole', 'InstanceIds', 'PingStatus', 'PlatformTypes'],
  ...['ResourceType', 'SourceIds', 'SourceTypes', 'tag-key', 'tag:KEY'],
];

/** Where filters stand, and what is asked with them. */
export interface FilterPlace {
  shape: Shape;
  plugin: AwsPlugin;
  path: Path;
}

/** Reads a list of filters. */
export function readFilterList(place: FilterPlace, value: Value | undefined): Filters[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    const part = String(place.path.at(-1));
    shapeFault(place.shape, place.path, { part, wants: 'a list of filters', value });
    return [];
  }
  return value.map((each, index) => readFilters({ ...place, path: [...place.path, index] }, each));
}

/** Reads filters by their names: each has a value, or a list of which one must be met. */
export function readFilters({ shape, plugin, path }: FilterPlace, value: Value | undefined): Filters {
  if (value === undefined || value === null) return {};
  if (!isFields(value)) {
    shapeFault(shape, path, { part: 'a filter', wants: 'names with a value or a list of values each', value });
    return {};
  }
  if (plugin === 'aws_ssm') {
    const tags = Object.keys(value).filter((name) => /^tag:./.test(name));
    knownKeys(shape, value, { path, part: 'filters', known: [...ssmFilters, ...tags], tell: ssmFilters });
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, values]) => {
      const list = Array.isArray(values) ? values : [values];
      const isPlain = list.length > 0 && list.every((each) => each !== null && typeof each !== 'object');
      if (!isPlain)
        shapeFault(shape, [...path, name], { part: name, wants: 'a value or a list of values', value: values });
      for (const each of list) refusesTemplate(shape, [...path, name], { part: name, value: each });
      return [name, isPlain ? list.map(String) : []];
    }),
  );
}
