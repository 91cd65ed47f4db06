/**
 * How a secret may stand in output: as it is, quoted or escaped for another language, or encoded.
 * Which forms there are is written beside each; the tests name a real program or an RFC for them.
 */
export function encodingsOf(secret: string): Set<string> {
  const forms = new Set<string>();
  const quoted = [secret, ...jsonForms(secret), ...shellForms(secret), ...urlForms(secret), ...markupForms(secret)];
  for (const form of quoted) forms.add(form);
  // JSON in JSON, as logs have it.
  for (const form of jsonForms(jsonForms(secret)[0] ?? '')) forms.add(form);
  const bytes = Buffer.from(secret);
  for (const form of base64Forms(bytes)) forms.add(form);
  const hex = bytes.toString('hex');
  forms.add(hex);
  forms.add(hex.toUpperCase());
  return forms;
}

/** RFC 8259, section 7: plain, with `\/` as PHP writes it, ASCII only as Python does, and safe inside HTML as Go does. */
function jsonForms(text: string): string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  const escaped = (pattern: RegExp): string =>
    plain.replace(pattern, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const ascii = escaped(/[\u007f-\uffff]/g);
  return [plain, plain.replaceAll('/', '\\/'), ascii, ascii.replaceAll('/', '\\/'), escaped(/[<>&\u2028\u2029]/g)];
}

/** Inside single quotes (POSIX 2.2.2, and as Python's shlex and YAML or SQL double them), inside double quotes, `printf %q`, and `$'…'`. */
function shellForms(text: string): string[] {
  return [
    text.replaceAll("'", "'\\''"),
    text.replaceAll("'", `'"'"'`),
    text.replaceAll("'", "''"),
    text.replace(/[\\"$`]/g, '\\$&'),
    text.replace(/[^A-Za-z0-9_@%+=:,./\n\u0080-\uffff-]/g, '\\$&'),
    text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t'),
  ];
}

/** RFC 3986 with the reserved characters encoded or kept, hex in both cases, and forms of HTML, where a space is `+`. */
function urlForms(text: string): string[] {
  const whole = Buffer.from(text).toString();
  const component = encodeURIComponent(whole);
  const strict = component.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const forms = [component, strict, encodeURI(whole), strict.replaceAll('%2F', '/')].flatMap((form) => [
    form,
    form.replaceAll('%20', '+'),
  ]);
  // What browsers and URLSearchParams send (WHATWG URL, application/x-www-form-urlencoded).
  forms.push(String(new URLSearchParams([['', whole]])).slice(1));
  return [...forms, ...forms.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

/** XML and HTML, with the ways in which libraries write quotes. */
function markupForms(text: string): string[] {
  const basic = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    basic,
    ...['&#39;', '&apos;', '&#x27;'].flatMap((single) =>
      ['&quot;', '&#34;'].map((double) => basic.replaceAll("'", single).replaceAll('"', double)),
    ),
  ];
}

/**
 * RFC 4648, sections 4 and 5. A secret inside a longer text is encoded in one of three ways, depending on where it begins; the
 * characters that also depend on its neighbours are left out. A long one by itself comes in lines of 64 or 76.
 */
function base64Forms(bytes: Buffer): string[] {
  const forms: string[] = [];
  for (const before of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const sure = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    forms.push(sure);
    if (before > 0) continue;
    for (const width of [64, 76]) if (sure.length > width) forms.push(...cut(sure, width));
  }
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** Lines of a width; a last one that is too short to tell anything is left out. */
function cut(text: string, width: number): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += width) lines.push(text.slice(at, at + width));
  return lines.filter((line) => line.length >= 16);
}
