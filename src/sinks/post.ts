import { request as plainly } from 'node:http';
import { request as safely } from 'node:https';
import { fileReason } from '../util/errno.ts';

/** Where something is sent to, and how. */
export interface Hook {
  url: string;
  headers: Record<string, string>;
  /** Seconds. */
  timeout: number;
  /** Certificates (PEM) that are trusted instead of those of the system. */
  ca?: string;
  verify: boolean;
}

/** How much of an answer is told. */
const TOLD = 200;

/** The address as people may see it: its path is often the secret. */
export function shownHook({ url }: Pick<Hook, 'url'>): string {
  return URL.canParse(url) ? new URL(url).origin : 'the webhook';
}

/** Sends JSON to a web address. Throws an Error with words for people when it is not taken: also for a redirect, which is not followed. */
export function post(hook: Hook, body: unknown): Promise<void> {
  const { url, headers, timeout, ca, verify } = hook;
  const data = Buffer.from(JSON.stringify(body));
  const send = url.startsWith('https:') ? safely : plainly;
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => call.destroy(new Error(`no answer within ${timeout} s`)), timeout * 1000);
    const fail = (error: Error): void => {
      clearTimeout(late);
      reject(new Error(reason(error)));
    };
    const call = send(
      url,
      {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'User-Agent': 'play',
          ...headers,
          'Content-Length': data.length,
        },
        ...(send === safely && { rejectUnauthorized: verify, ...(ca !== undefined && { ca }) }),
      },
      (answer) => {
        const { statusCode = 0 } = answer;
        let said = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          if (said.length < TOLD) said += chunk;
        });
        answer.on('error', fail);
        answer.on('end', () => {
          clearTimeout(late);
          if (statusCode >= 200 && statusCode < 300) return resolve();
          const words = said.replace(/\s+/g, ' ').trim().slice(0, TOLD);
          reject(new Error(`it answers ${statusCode}${words === '' ? '' : `: ${words}`}`));
        });
      },
    );
    call.on('error', fail);
    call.end(data);
  });
}

function reason(error: Error & { code?: string }): string {
  if (error.code === 'ECONNREFUSED') return 'nothing listens there';
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') return 'the name is not known';
  if (error.code === 'ECONNRESET') return 'it closed the connection';
  if (/certificate|self[- ]signed/i.test(error.message)) return `the certificate is not trusted: ${error.message}`;
  return fileReason(error);
}
