import { type Static, Type } from 'typebox';
import { choice, text } from './params.ts';

/** What objects are kept with. */
export const keptParams = {
  content_type: Type.Optional(text('Media type; by the name of the file when not said.')),
  cache_control: Type.Optional(text('What browsers are told: `max-age=3600`.')),
  metadata: Type.Optional(
    Type.Record(Type.String({ minLength: 1 }), Type.String(), { description: 'Words of one’s own, by name.' }),
  ),
  storage_class: Type.Optional(
    choice(
      ['STANDARD', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER', 'GLACIER_IR', 'DEEP_ARCHIVE'],
      'Where it is kept.',
    ),
  ),
  permission: Type.Optional(
    choice(
      [
        'private',
        'public-read',
        'public-read-write',
        'authenticated-read',
        'bucket-owner-read',
        'bucket-owner-full-control',
      ],
      'Who may have it, in buckets that still have such lists; as the bucket says when not said.',
    ),
  ),
  encryption_mode: Type.Optional(
    choice(['AES256', 'aws:kms'], 'How it is encrypted; as the bucket says when not said.'),
  ),
  encryption_kms_key_id: Type.Optional(text('KMS key, with `aws:kms`.')),
};

const schema = Type.Object(keptParams);

/** The same by the names of PutObject. */
export function keptWith(given: Static<typeof schema>, type: string | undefined): Record<string, unknown> {
  return {
    ContentType: type,
    CacheControl: given.cache_control,
    Metadata: given.metadata,
    StorageClass: given.storage_class,
    ACL: given.permission,
    ServerSideEncryption: given.encryption_mode,
    SSEKMSKeyId: given.encryption_kms_key_id,
  };
}
