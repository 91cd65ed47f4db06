import type { Cloud } from '../cloud.ts';
import type { Service } from '../types.ts';
import { buckets } from './buckets.ts';
import { multipart } from './multipart.ts';
import { objects } from './objects.ts';
import type { Store } from './store.ts';

/** S3. */
export function s3(cloud: Cloud, store: Store): Service {
  return { ...buckets(cloud, store), ...objects(cloud, store), ...multipart(store) };
}
