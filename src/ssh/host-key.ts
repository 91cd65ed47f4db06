import type { ConnectOptions } from '../model/transport.ts';
import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { endpointText } from './dial.ts';
import { type Endpoint, judge } from './known-hosts.ts';
import { fingerprint, keyType, shortType } from './public-key.ts';
import type { Queue } from './queue.ts';
import type { TrustStore } from './trust-store.ts';

/** What deciding about a host key needs. */
export interface HostKeyQuestion {
  /** Whose key it is, for messages. */
  label: string;
  endpoint: Endpoint;
  /** known_hosts files; the first is written to. */
  files: readonly string[];
  acceptNew: boolean;
  ask?: ConnectOptions['ask'];
  store: TrustStore;
  /** One question at a time. */
  inTurn: Queue;
  /** Called before a person is asked; its result is called after. */
  hold(): () => void;
}

/** The key may be used. `remember` writes it down; call it when the server has proven that it owns the key. */
export interface Accepted {
  remember?: () => Promise<void>;
}

/** Decides about a key a server has shown. Throws ProblemError E_HOSTKEY_… when it must not be used. */
export async function decide(question: HostKeyQuestion, key: Buffer): Promise<Accepted> {
  const refusal = await refusalOf(question, key);
  if (refusal === undefined) return {};
  const { acceptNew, ask, inTurn, hold } = question;
  if (refusal.code !== 'E_HOSTKEY_UNKNOWN') throw new ProblemError(refusal);
  const accepted = { remember: () => remember(question, key) };
  if (acceptNew) return accepted;
  if (!ask) throw new ProblemError(refusal);
  const resume = hold();
  try {
    return await inTurn(async () => {
      // Another name of the same server may have been asked about while this one waited.
      if ((await refusalOf(question, key)) === undefined) return {};
      const answer = await ask(sentenceFor(question, key), { echo: true });
      if (!/^(y|yes)$/i.test(answer.trim())) throw new ProblemError(refusal);
      // Written down inside the queue, so that the next question sees it.
      await remember(question, key);
      return {};
    });
  } finally {
    resume();
  }
}

async function refusalOf(
  { label, endpoint, files, store }: HostKeyQuestion,
  key: Buffer,
): Promise<Problem | undefined> {
  const verdict = judge(await store.read(files), endpoint, key);
  const type = shortType(keyType(key) ?? 'unknown');
  const facts = { host: label, endpoint: endpointText(endpoint), type, fingerprint: fingerprint(key) };
  switch (verdict.kind) {
    case 'known':
      return undefined;
    case 'revoked':
      return problem('E_HOSTKEY_REVOKED', { ...facts, place: placeOf(verdict.entry) });
    case 'changed': {
      const old = verdict.entries.map((entry) => ({
        place: placeOf(entry),
        type: shortType(entry.type),
        fingerprint: fingerprint(entry.key),
      }));
      return problem('E_HOSTKEY_CHANGED', { ...facts, old });
    }
    case 'unknown': {
      if (verdict.authority) return problem('E_HOSTKEY_AUTHORITY', { ...facts, place: placeOf(verdict.authority) });
      const { address, port } = endpoint;
      return problem('E_HOSTKEY_UNKNOWN', { ...facts, address, port, file: files[0] ?? '~/.ssh/known_hosts' });
    }
  }
}

async function remember({ endpoint, files, store }: HostKeyQuestion, key: Buffer): Promise<void> {
  const [file] = files;
  const type = keyType(key);
  if (file === undefined || type === undefined) return;
  if (judge(await store.read(files), endpoint, key).kind !== 'unknown') return;
  await store.add(file, endpoint, type, key);
}

function placeOf({ file, line }: { file: string; line: number }): string {
  return `${file}:${line}`;
}

function sentenceFor({ label, endpoint }: HostKeyQuestion, key: Buffer): string {
  const type = shortType(keyType(key) ?? 'unknown');
  return (
    `${label}: the host key of ${endpointText(endpoint)} is not known.\n` +
    `Its ${type} key has the fingerprint ${fingerprint(key)}.\nTrust it from now on? [y/N] `
  );
}
