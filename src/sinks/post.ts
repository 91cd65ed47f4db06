import type { Way } from '../http/way.ts';

/** Where something is sent to, and how. */
export interface Hook {
  url: string;
  headers: Record<string, string>;
  /** Seconds. */
  timeout: number;
  /** How it is reached; files are those of this machine. */
  way: Pick<Way, 'verify' | 'ca' | 'proxy'>;
}

/** How much of an answer is told, in bytes. */
const TOLD = 200;

/** The address as people may see it: its path is often the secret. */
export function shownHook({ url }: Pick<Hook, 'url'>): string {
  return URL.canParse(url) ? new URL(url).origin : 'the webhook';
}

/** Sends JSON to a web address. Throws an Error with words for people when it is not taken: also for a redirect, which is not followed. */
export async function post({ url, headers, timeout, way }: Hook, body: unknown): Promise<void> {
  const { createNodeSender } = await import('../http/node-sender.ts');
  const limit = timeout * 1000;
  const sender = createNodeSender({ ...way, connectTimeout: limit, idleTimeout: limit });
  const to = new URL(url);
  const over = new AbortController();
  const late = setTimeout(() => over.abort(new Error(`no answer within ${timeout} s`)), limit);
  try {
    const answer = await sender.send(
      {
        method: 'POST',
        url: to,
        headers: Object.entries({ 'Content-Type': 'application/json', 'User-Agent': 'play', ...login(to), ...headers }),
        payload: { kind: 'text', text: JSON.stringify(body) },
      },
      { notLocal: false, signal: over.signal },
    );
    const said = await beginning(answer.body);
    await answer.drop();
    if (answer.status >= 200 && answer.status < 300) return;
    throw new Error(`it answers ${answer.status}${said === '' ? '' : `: ${said}`}`);
  } finally {
    clearTimeout(late);
    await sender.close();
  }
}

/** A user and a password in the address. */
function login({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const [user = '', secret = ''] = [username, password].map(decodeURIComponent);
  return { Authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}` };
}

async function beginning(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= TOLD) break;
  }
  return Buffer.concat(chunks).toString('utf8').replace(/\s+/g, ' ').trim().slice(0, TOLD);
}
