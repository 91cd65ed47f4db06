import { spawnSync } from 'node:child_process';

/** What scapy makes of an expression. */
export interface Made {
  hex: string;
  summary: string;
  hexdump: string;
}

/** Debian's Python, which has Debian's scapy. */
const python = '/usr/bin/python3';

const program = `
import json, sys, logging
logging.getLogger("scapy").setLevel(logging.CRITICAL)
from scapy.all import *
# Ports as numbers.
conf.noenum.add(TCP.sport, TCP.dport, UDP.sport, UDP.dport)
given = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
out = []
for text in json.load(sys.stdin):
    packet = eval(text)
    out.append({"hex": bytes(packet).hex(), "summary": packet.summary(), "hexdump": hexdump(packet, dump=True)})
json.dump(out, sys.stdout)
`;

/** Lets scapy build packets. */
export function scapy(expressions: readonly string[]): Made[] {
  return JSON.parse(runPython(program, JSON.stringify(expressions))) as Made[];
}

/** Runs a program of Python; gives what it prints. */
export function runPython(text: string, input = ''): string {
  const { status, stdout, stderr } = spawnSync(python, ['-c', text], { input, encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`python: ${stderr}`);
  return stdout;
}
