/** The reason in a line of OpenSSL's errors (`…:error:CODE:library:function:reason:file:line:`, ERR_print_errors(3)); other lines as they are. */
export function tlsReason(line: string): string {
  return /error:[0-9A-F]{8,}:[^:]*:[^:]*:([^:]+)/i.exec(line)?.[1] ?? line;
}
