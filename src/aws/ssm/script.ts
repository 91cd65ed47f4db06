import type { SecretStore } from '../../model/transport.ts';
import { quote } from '../../program/sh.ts';
import targetText from './target.sh';

/**
 * Characters of a script that are sent at most. "The content of a document must not exceed 64 KB. This quota also includes the content
 * specified for input parameters at runtime" (CreateDocument, API reference of Systems Manager); AWS-RunShellScript itself and the escapes of
 * JSON take their part.
 */
export const longestScript = 56 * 1024;

/**
 * Stored bytes that are answered at once: as base64, with the lines around them, they stay below the 24,000 characters of standard output that
 * GetCommandInvocation gives.
 */
export const answerBytes = 17_400;

/** Bytes of each stream that are kept on an instance, before they are compressed. */
export const keptBytes = 2 ** 30;

/** Where the input of a command comes from: the script itself, a file of earlier pieces, or a URL. */
export type InputSource = { text: string } | 'pieces' | { url: string };

/** A value that the instance reads by itself, at a place in the input. */
export interface Gap {
  /** Bytes of the input between the gap before (or the end of the command) and this one. */
  before: number;
  /** As it stands between single quotes of a shell, or as it is. */
  isQuoted: boolean;
  /** Which of the values. */
  value: number;
}

/** What the instance is to read. */
export interface Wanted {
  store: SecretStore & { region: string };
  bytes: number;
}

/** Everything that one command runs with on an instance. */
export interface RunScript {
  source: InputSource;
  isZipped: boolean;
  /** Bytes of command and input together, and of the command, which comes first. */
  bytes: number;
  command: number;
  gaps: readonly Gap[];
  wanted: readonly Wanted[];
  /** PEM of the key that output is sealed with; undefined: it is not. */
  publicKey?: string;
  /** Output goes as it is where the instance cannot seal it. */
  mayStayOpen?: boolean;
  /** Whether all output stays on the instance until it is put into the bucket. */
  putsOutput: boolean;
}

const functions = targetText
  .split('\n')
  .map((line) => line.trimStart())
  .filter((line) => line !== '' && !line.startsWith('#'))
  .join('\n');

function head(id: string): string {
  return `${functions}\nplay_id=${id} play_d=/tmp/play-ssm-${id} play_most=${keptBytes}`;
}

/** Runs a command and answers with its status and what it wrote. */
export function runScript(id: string, run: RunScript): string {
  const { source, gaps, wanted } = run;
  const lines = [head(id)];
  if (source !== 'pieces') lines.push('play_open');
  else lines.push('play_mask=$(umask); umask 077', '[ -d "$play_d" ] || play_no arrival it has been removed');
  lines.push('play_home');
  if (wanted.length > 0) lines.push('play_has aws || play_no tool aws');
  if (run.putsOutput) lines.push('play_puts || play_no tool curl');
  if (run.publicKey !== undefined)
    lines.push(`play_seal ${quote(run.publicKey.trim())}${run.mayStayOpen ? ' may' : ''}`);
  if (typeof source === 'object')
    lines.push('url' in source ? `play_get ${quote(source.url)}` : piece(source.text, '>"$play_d/p"'));
  lines.push(`play_take ${run.isZipped ? 'z' : 'p'} ${run.bytes}`);
  wanted.forEach(({ store, bytes }, i) => {
    const name = quote(store.name);
    lines.push(
      `play_v${i}=$(play_value ${store.service} ${name} ${quote(store.region)} && echo x) || play_no "unread ${i} $(play_said)"`,
      `play_v${i}=\${play_v${i}%?x}; [ "$(printf %s "$play_v${i}" | wc -c)" -eq ${bytes} ] || play_no changed ${i}`,
    );
  });
  if (gaps.length > 0) lines.push(`play_feed() { ${feed(gaps)}; exec cat <&5; }`);
  lines.push(`play_run ${run.command}`, `play_answer ${run.putsOutput ? -1 : answerBytes}`);
  return lines.join('\n');
}

function feed(gaps: readonly Gap[]): string {
  return gaps
    .map(({ before, isQuoted, value }) => {
      const bytes = before === 0 ? '' : `dd bs=${before} count=1 <&5 2>/dev/null; `;
      return `${bytes}${isQuoted ? 'play_quoted' : 'printf %s'} "$play_v${value}"`;
    })
    .join('; ');
}

/** Adds a piece to the input, as base64; the first one makes the directory. `before`: bytes that must be there. */
export function pieceScript(id: string, { text, before }: { text: string; before: number }): string {
  const open =
    before === 0
      ? 'play_open'
      : `umask 077; [ "$(wc -c <"$play_d/p" 2>/dev/null)" -eq ${before} ] || play_no arrival a part is missing`;
  return [head(id), open, piece(text, '>>"$play_d/p"'), 'play_done'].join('\n');
}

/** Lines, since `openssl base64` reads no long ones. */
function piece(text: string, to: string): string {
  const lines = text.match(/.{1,76}/g) ?? [];
  return `play_un64 ${to} <<'play-end' || play_no arrival it is damaged\n${lines.join('\n')}\nplay-end`;
}

/** Answers with one part of what is kept; the last one removes it. */
export function partScript(id: string, { part, isLast }: { part: number; isLast: boolean }): string {
  return [head(id), `play_part ${answerBytes} ${part}`, ...(isLast ? ['rm -rf "$play_d"'] : [])].join('\n');
}

/** Puts what is kept to a URL and removes it. */
export function putScript(id: string, { url, headers }: { url: string; headers: readonly string[] }): string {
  return [head(id), `play_put ${[url, ...headers].map(quote).join(' ')}`].join('\n');
}

/** Removes whatever is there; something that is about to be killed may still be writing. */
export function cleanScript(id: string): string {
  const again =
    'while rm -rf "$play_d" 2>/dev/null; [ -e "$play_d" ] && [ $play_n -lt 10 ]; do sleep 1; play_n=$((play_n + 1)); done';
  return [head(id), 'play_n=0', again, '[ -e "$play_d" ] && play_no left', 'play_done'].join('\n');
}
