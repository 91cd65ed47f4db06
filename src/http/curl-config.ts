import { HttpFault, type HttpRequest, type Part } from './message.ts';
import type { Way } from './way.ts';

/** As much text of a body goes to a host inside the program. */
const mostText = 64 * 1024;

/** A request as a configuration for `curl -K` (curl's man page, "-K, --config"). `addresses`: where the name of the URL leads. Throws HttpFault for what it cannot say. */
export function curlConfig(
  { method, url, headers, payload }: HttpRequest,
  way: Way & { addresses?: string[] },
): string {
  const seconds = (ms: number): string => String(ms / 1000);
  const lines: [option: string, value?: string][] = [
    ['url', url.href],
    ['proto', '=http,https'],
    ['connect-timeout', seconds(way.connectTimeout)],
    ['speed-limit', '1'],
    ['speed-time', String(Math.ceil(way.idleTimeout / 1000))],
  ];
  if (way.totalTimeout !== undefined) lines.push(['max-time', seconds(way.totalTimeout)]);
  if (!way.verify) lines.push(['insecure']);
  if (way.ca !== undefined) lines.push(['cacert', way.ca]);
  if (way.cert !== undefined) lines.push(['cert', way.cert]);
  if (way.key !== undefined) lines.push(['key', way.key]);
  lines.push(way.proxy === undefined ? ['noproxy', '*'] : ['proxy', way.proxy]);
  if (way.addresses) {
    const to = way.addresses.map((each) => (each.includes(':') ? `[${each}]` : each)).join(',');
    lines.push(['resolve', `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}:${to}`]);
  }
  if (way.unixSocket !== undefined) lines.push(['unix-socket', way.unixSocket]);
  if (method === 'HEAD') lines.push(['head']);
  else if (method !== 'GET' || payload) lines.push(['request', method]);
  const sent = new Set(headers.map(([name]) => name.toLowerCase()));
  // What curl would add by itself: an empty value takes it away.
  for (const name of ['Expect', 'Accept', 'User-Agent', ...(payload?.kind === 'parts' ? [] : ['Content-Type'])])
    if (!sent.has(name.toLowerCase())) lines.push(['header', `${name}:`]);
  for (const [name, value] of headers) lines.push(['header', value === '' ? `${name};` : `${name}: ${value}`]);
  if (!payload && !['GET', 'HEAD', 'OPTIONS', 'DELETE', 'TRACE'].includes(method)) lines.push(['data-raw', '']);
  if (payload?.kind === 'text') lines.push(['data-raw', short(payload.text)]);
  // curl would put the name of the file behind a slash.
  if (payload?.kind === 'file')
    lines.push(url.pathname.endsWith('/') ? ['data-binary', `@${payload.path}`] : ['upload-file', payload.path]);
  if (payload?.kind === 'parts') for (const part of payload.parts) lines.push(partLine(part));
  return lines.map(([option, value]) => (value === undefined ? option : `${option} = ${quoted(value)}`)).join('\n');
}

function partLine({ name, content, filename, type }: Part): [string, string] {
  if (name.includes('=')) throw new HttpFault(`from the host, the name of a part cannot hold "=": ${name}`);
  if ('text' in content) {
    if (filename !== undefined || type !== undefined)
      throw new HttpFault(`from the host, a part that is text has neither a filename nor a type: ${name}`);
    return ['form-string', `${name}=${short(content.text)}`];
  }
  const inner = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;
  return [
    'form',
    `${name}=@${inner(content.file)}${filename === undefined ? '' : `;filename=${inner(filename)}`};type=${type ?? 'application/octet-stream'}`,
  ];
}

function short(text: string): string {
  if (Buffer.byteLength(text) > mostText)
    throw new HttpFault(`the body is larger than ${mostText} bytes, too much to be sent by the host as text`, {
      advice: 'copy it to the host, and give its path as src',
    });
  return text;
}

/** The escapes that the configuration knows; a NUL it does not. */
function quoted(text: string): string {
  if (text.includes('\0')) throw new HttpFault('curl cannot send a NUL in text', { advice: 'put it into a file: src' });
  const escapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v' };
  return `"${text.replace(/[\\"\n\r\t\v]/g, (char) => escapes[char] ?? `\\${char}`)}"`;
}
