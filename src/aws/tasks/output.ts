import type { Fields, Value } from '../../model/value.ts';
import { type Schema, shapeOf } from './shapes.ts';

/** An answer as plain data, and the texts in it that must not be shown. */
export interface Plain {
  value: Fields;
  secrets: string[];
}

/** Members that are secrets although schemas do not mark them in all services. */
const secretNames =
  /^(secretaccesskey|sessiontoken|authorizationtoken|secretstring|secretbinary|plaintext|passworddata)$/i;

/** An answer of the SDK as plain data: times as ISO 8601, bytes as base64, what the SDK adds (`$metadata`) left out. */
export async function plainOutput(output: unknown, schema?: Schema): Promise<Plain> {
  const secrets: string[] = [];
  const { $metadata: _, ...rest } = output as Record<string, unknown>;
  const value = await plain(rest, schema, { hides: false, secrets });
  return { value: value as Fields, secrets };
}

async function plain(value: unknown, schema: Schema, on: { hides: boolean; secrets: string[] }): Promise<Value> {
  const shape = schema === undefined ? { kind: 'any' as const, secret: false } : shapeOf(schema);
  const hides = on.hides || shape.secret;
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (isStream(value)) return plain(await value.transformToByteArray(), undefined, { ...on, hides });
  if (value instanceof Uint8Array) {
    if (hides) on.secrets.push(Buffer.from(value).toString());
    return Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64');
  }
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') {
    if (hides) on.secrets.push(value);
    return value;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) {
    const item = shape.kind === 'list' ? shape.item : undefined;
    return Promise.all(value.map((each) => plain(each, item, { ...on, hides })));
  }
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined && typeof each !== 'function');
  // Parameter Store marks every value; those that are not encrypted are no secrets.
  const isOpen = 'Type' in value && (value.Type === 'String' || value.Type === 'StringList');
  const members = await Promise.all(
    entries.map(async ([key, each]) => {
      const member = 'members' in shape ? shape.members.get(key) : 'item' in shape ? shape.item : undefined;
      if (isOpen && key === 'Value') return [key, String(each)] as const;
      return [key, await plain(each, member, { ...on, hides: hides || secretNames.test(key) })] as const;
    }),
  );
  return Object.fromEntries(members);
}

function isStream(value: unknown): value is { transformToByteArray(): Promise<Uint8Array> } {
  return typeof value === 'object' && value !== null && 'transformToByteArray' in value;
}
