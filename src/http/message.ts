/** A header as it is sent or has come; the name in any case. */
export type Header = readonly [name: string, value: string];

/** One part of a form that may hold files (RFC 7578): text, or a file of the machine that sends. */
export interface Part {
  name: string;
  content: { text: string } | { file: string };
  filename?: string;
  type?: string;
}

/** What a request carries; files are those of the machine that sends. */
export type Payload =
  | { kind: 'text'; text: string }
  | { kind: 'file'; path: string }
  | { kind: 'parts'; parts: readonly Part[] };

/** One request on its way: all headers but those of the payload's length and form. */
export interface HttpRequest {
  method: string;
  url: URL;
  headers: readonly Header[];
  payload?: Payload;
}

/** What came back. The body is to be read to its end, or dropped. */
export interface HttpAnswer {
  status: number;
  reason: string;
  headers: readonly Header[];
  body: AsyncIterable<Uint8Array>;
  /** The rest of the body is not wanted. */
  drop(): Promise<void>;
}

/** What a request is sent under. */
export interface SendOptions {
  notLocal: boolean;
  signal: AbortSignal;
  /** Hears how much of the body has been sent, in bytes, as far as the sender can tell. */
  sent?(bytes: number, total: number): void;
}

/** A way to servers: from this machine, or from the host. */
export interface Sender {
  /** Sends one request and nothing more: no redirects, no second attempt. With `notLocal`, refuses addresses of src/http/addresses.ts. Throws HttpFault. */
  send(request: HttpRequest, options: SendOptions): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** Why there is no answer. */
export class HttpFault extends Error {
  override name = 'HttpFault';
  /** What to do about it. */
  readonly advice: string | undefined;
  /** Another attempt may go better. */
  readonly mayPass: boolean;
  /** The request has certainly not reached the server. */
  readonly isUnsent: boolean;

  constructor(message: string, more: { advice?: string; mayPass?: boolean; isUnsent?: boolean } = {}) {
    super(message);
    this.advice = more.advice;
    this.mayPass = more.mayPass ?? false;
    this.isUnsent = more.isUnsent ?? false;
  }
}

/** The value of a header, several of one name joined (RFC 9110, section 5.3); undefined: there is none. */
export function headerOf(headers: readonly Header[], name: string): string | undefined {
  const found = headers.filter(([each]) => each.toLowerCase() === name);
  return found.length === 0 ? undefined : found.map(([, value]) => value).join(', ');
}

/** The headers without those of some names (in lower case). */
export function without(headers: readonly Header[], names: readonly string[]): Header[] {
  return headers.filter(([name]) => !names.includes(name.toLowerCase()));
}
