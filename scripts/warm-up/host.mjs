// A host for the build to connect to, on loopback: takes any key, runs commands by /bin/sh. Prints its port, and its key as known_hosts has it.
import { spawn } from 'node:child_process';
import ssh2 from 'ssh2';

const key = newKey();
const server = new ssh2.Server({ hostKeys: [key.private] }, (client) => {
  client.on('authentication', (attempt) =>
    attempt.method === 'publickey' ? attempt.accept() : attempt.reject(['publickey']),
  );
  client.on('error', () => {});
  client.on('session', (accept) => {
    accept().on('exec', (begin, _refuse, { command }) => {
      const channel = begin();
      const shell = spawn('/bin/sh', ['-c', command]);
      channel.pipe(shell.stdin);
      shell.stdin.on('error', () => {});
      shell.stdout.pipe(channel, { end: false });
      shell.stderr.pipe(channel.stderr, { end: false });
      shell.on('close', (code) => {
        channel.exit(code ?? 1);
        channel.end();
      });
    });
  });
});
server.listen(0, '127.0.0.1', () =>
  console.log(
    JSON.stringify({
      port: server.address().port,
      hostKey: key.public,
      key: newKey().private,
    }),
  ),
);
// Not for ever, whatever becomes of the build.
setTimeout(() => process.exit(1), 60_000).unref();
process.stdin.on('end', () => process.exit(0)).resume();

/** A new key pair. One in 256 that the library makes cannot be read again, by itself or anyone else. */
function newKey() {
  for (;;) {
    const made = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(made.private) instanceof Error)) return made;
  }
}
