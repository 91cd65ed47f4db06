import type { FakeAws } from './aws.ts';

/** What a client of the SDK is made with in these tests; its own retries are off, so that every answer is seen. */
export function clientOptions({ url, env }: FakeAws): {
  endpoint: string;
  region: string;
  maxAttempts: number;
  credentials: { accessKeyId: string; secretAccessKey: string };
} {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  return {
    endpoint: url,
    region: env['AWS_REGION']!,
    maxAttempts: 1,
    credentials: { accessKeyId: env['AWS_ACCESS_KEY_ID']!, secretAccessKey: env['AWS_SECRET_ACCESS_KEY']! },
  };
}

/** Asks until there is an answer. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + 25_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error('test aws: it did not happen within 25 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
