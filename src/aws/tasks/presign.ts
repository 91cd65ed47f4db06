import { loaded } from '../access.ts';
import { findOperation } from './sdk.ts';
import type { Service } from './service.ts';

/** A URL that lets whoever has it do one thing for so many seconds, without credentials of their own. Throws ProblemError. */
export async function presigned(
  s3: Service,
  operation: 'GetObject' | 'PutObject',
  input: object,
  seconds: number,
): Promise<string> {
  const name = '@aws-sdk/s3-request-presigner';
  const { getSignedUrl } = await loaded(name, () => import('@aws-sdk/s3-request-presigner'));
  const { command } = findOperation(s3.sdk, operation);
  return s3.asked(`s3:${operation}`, () =>
    getSignedUrl(s3.client as never, new command(input) as never, { expiresIn: seconds }),
  );
}
