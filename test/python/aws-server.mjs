// The fake of AWS for the rows of boto3: its address on a line, as the rows want it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const fake = fileURLToPath(new URL('../aws/run.mjs', import.meta.url));
const child = spawn(process.execPath, [fake, '--bucket', 'rows', '--instances', '2'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
process.once('SIGTERM', () => child.kill());
createInterface({ input: child.stdout }).on('line', (line) => {
  const [, url] = /AWS_ENDPOINT_URL='(.*)'/.exec(line) ?? [];
  if (url !== undefined) console.log(url);
});
await once(child, 'close');
