/** A message of syslog, taken apart as RFC 5424 (section 6) has it. */
export interface Parsed {
  facility: number;
  severity: number;
  time: string;
  host: string;
  app: string;
  pid: string;
  id: string;
  data: Record<string, Record<string, string>>;
  message: string;
}

/** Reads one message. Throws at the first byte that the grammar does not allow. */
export function parseSyslog(bytes: Buffer): Parsed {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const header =
    /^<(0|[1-9]\d{0,2})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) /.exec(
      text,
    );
  if (!header) throw new Error(`no header: ${text.slice(0, 80)}`);
  const [whole, pri, time, host, app, pid, id] = header as unknown as string[];
  if (Number(pri) > 191) throw new Error(`no such priority: ${pri}`);
  let rest = text.slice(whole!.length);
  const data: Parsed['data'] = {};
  if (rest.startsWith('-')) rest = rest.slice(1);
  else {
    while (rest.startsWith('[')) {
      const [name] = /^[!#-<>-\\^-~]{1,32}/.exec(rest.slice(1)) ?? [];
      if (name === undefined || !/^[^@]+@\d+$/.test(name) || name in data)
        throw new Error(`no SD-ID: ${rest.slice(0, 40)}`);
      rest = rest.slice(1 + name.length);
      const params: Record<string, string> = {};
      for (;;) {
        const param = /^ ([!#-<>-\\^-~]{1,32})="((?:[^"\\\]]|\\["\\\]])*)"/.exec(rest);
        if (!param) break;
        params[param[1]!] = param[2]!.replace(/\\(["\\\]])/g, '$1');
        rest = rest.slice(param[0].length);
      }
      if (!rest.startsWith(']')) throw new Error(`an element does not end: ${rest.slice(0, 40)}`);
      rest = rest.slice(1);
      data[name] = params;
    }
  }
  if (!rest.startsWith(' \ufeff')) throw new Error(`no BOM before the words: ${JSON.stringify(rest.slice(0, 20))}`);
  const message = rest.slice(2);
  if (/\p{Cc}/u.test(text)) throw new Error('a control character');
  return {
    facility: Number(pri) >> 3,
    severity: Number(pri) & 7,
    time: time!,
    host: host!,
    app: app!,
    pid: pid!,
    id: id!,
    data,
    message,
  };
}

/** Takes a stream with octet counting (RFC 6587, 3.4.1) apart. Throws when a count is wrong or something is left over. */
export function frames(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [count] = /^[1-9]\d{0,9} /.exec(bytes.toString('latin1', at, at + 12)) ?? [];
    if (count === undefined) throw new Error(`no count at ${at}`);
    const end = at + count.length + Number(count);
    if (end > bytes.length) throw new Error('a frame is cut off');
    found.push(bytes.subarray(at + count.length, end));
    at = end;
  }
  return found;
}
