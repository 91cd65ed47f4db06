import type { Span } from '../../model/span.ts';
import type { StoredUse } from '../../model/stored.ts';
import type { SecretStore } from '../../model/transport.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { AwsEnv } from '../access.ts';
import { readParameters } from './read-parameters.ts';
import { readSecrets } from './read-secrets.ts';
import { placeOf, type StoredPlace } from './stored-places.ts';

/** A use and where it stands. */
export interface PlacedUse {
  use: StoredUse;
  at?: Span | undefined;
}

/** What came of reading one place: its text, or why there is none. */
export type Reading = { place: StoredPlace; region: string } & ({ text: string } | { problem: Problem });

/** What a store gave, and what to do with it before anybody uses it. */
export interface StoredOptions {
  env: AwsEnv;
  /** Told of each value that a text uses, before it is used. `source` is where a host can read it by itself; undefined: part of a secret. */
  learn(value: string, source: SecretStore | undefined, name: string): void;
}

/** Values of Parameter Store and Secrets Manager, read together before a run and never again in it. */
export interface StoredValues {
  /** Reads what was not read yet, in as few calls as there can be. One problem for each that cannot be had. */
  read(uses: readonly PlacedUse[]): Promise<Problem[]>;
  /** Undefined: it was not read. Throws ProblemError for a field that a secret does not have. */
  get(use: StoredUse): string | undefined;
}

/** Nothing is read yet, and no client made. */
export function createStoredValues({ env, learn }: StoredOptions): StoredValues {
  const texts = new Map<string, { text: string; region: string }>();
  const values = new Map<string, string>();

  const take = ({ use, at }: PlacedUse): Problem[] => {
    const known = texts.get(keyOf(use));
    if (!known || values.has(useKey(use))) return [];
    const { text, region } = known;
    const found = fieldOf(text, use);
    if (typeof found !== 'string') return [{ ...found, ...(at && { at }) }];
    const { service, name } = use;
    learn(found, use.key === undefined ? { service, name, region } : undefined, name);
    if (use.key === undefined) for (const part of partsOf(text)) learn(part, undefined, name);
    values.set(useKey(use), found);
    return [];
  };

  return {
    get: (use) => values.get(useKey(use)),
    async read(uses) {
      const asked = new Map<string, PlacedUse>();
      for (const one of uses)
        if (!texts.has(keyOf(one.use)) && !asked.has(keyOf(one.use))) asked.set(keyOf(one.use), one);
      const places = [...asked.values()].map(({ use }) => placeOf(use));
      const readings = [
        ...(await readParameters(
          places.filter(({ service }) => service === 'ssm'),
          env,
        )),
        ...(await readSecrets(
          places.filter(({ service }) => service === 'secretsmanager'),
          env,
        )),
      ];
      const problems: Problem[] = [];
      for (const reading of readings) {
        const key = `${reading.place.service} ${reading.place.id}`;
        const at = asked.get(key)?.at;
        if ('text' in reading) texts.set(key, { text: reading.text, region: reading.region });
        else problems.push({ ...reading.problem, ...(at && { at }) });
      }
      return [...once(problems), ...uses.flatMap(take)];
    },
  };
}

function keyOf({ service, name }: StoredUse): string {
  return `${service} ${name}`;
}

function useKey(use: StoredUse): string {
  return JSON.stringify([use.service, use.name, use.key]);
}

/** What is wrong with the credentials or the network is so for all names, and told at the first. */
function once(problems: readonly Problem[]): Problem[] {
  const general = new Set([
    'E_AWS_CREDENTIALS',
    'E_AWS_REGION',
    'E_AWS_UNREACHABLE',
    'E_AWS_PACKAGE',
    'E_AWS_THROTTLED',
  ]);
  const seen = new Set<string>();
  return problems.filter(({ code }) => {
    if (!general.has(code)) return true;
    const isFirst = !seen.has(code);
    seen.add(code);
    return isFirst;
  });
}

function fieldOf(text: string, { service, name, key }: StoredUse): string | Problem {
  if (key === undefined || service === 'ssm') return text;
  const fields = jsonObject(text);
  if (!fields) return problem('E_STORED_FIELD', { name, key });
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (value === undefined || value === null)
    return problem('E_STORED_FIELD', { name, key, fields: Object.keys(fields) });
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** The texts of a secret that is JSON: each may be seen by itself. */
function partsOf(text: string): string[] {
  const all = (value: unknown): string[] => {
    if (typeof value === 'string') return [value];
    return typeof value === 'object' && value !== null ? Object.values(value).flatMap(all) : [];
  };
  return all(jsonObject(text));
}
