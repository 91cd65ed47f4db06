/** A text in the forms in which programs write it, by name. */
export function quotedForms(text: string): [string, string][] {
  const bytes = Buffer.from(text);
  const forms: [string, string][] = [
    ['it is', text],
    ['JSON', JSON.stringify(text).slice(1, -1)],
    ['JSON in JSON', JSON.stringify(JSON.stringify(text)).slice(3, -3)],
    ['address', encodeURIComponent(text)],
    ['form', String(new URLSearchParams({ text })).slice(5)],
    ['base64', bytes.toString('base64').slice(0, -4)],
    ['base64 in a header', Buffer.from(`user:${text}`).toString('base64').slice(8, -4)],
    ['hex', bytes.toString('hex')],
    ['shell word', text.replaceAll("'", "'\\''")],
    ['shell word of bash', text.replaceAll("'", `'"'"'`)],
    ['HTML', text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')],
  ];
  return forms;
}
