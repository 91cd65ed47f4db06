import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node.js';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../../', import.meta.url));

/** What an editor shows at a place: `label` is the word that is offered. */
interface Completion {
  label: string;
  documentation?: string | { value: string };
}

interface Diagnostic {
  message: string;
  range: { start: { line: number } };
}

/** A YAML language server as an editor starts it, and what a person who types there would see. */
export interface Editor {
  /** Words offered where `▮` stands in the text. `file` is below the project's folder. */
  completions(file: string, text: string): Promise<Completion[]>;
  /** What is shown for the word in which `▮` stands. */
  hover(file: string, text: string): Promise<string>;
  /** Mistakes, each as `line: message`. */
  diagnostics(file: string, text: string): Promise<string[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the server; it gets no settings but that it is to complete, explain and check. */
export async function openEditor(): Promise<Editor> {
  const program = require.resolve('yaml-language-server/bin/yaml-language-server');
  const child = spawn(process.execPath, [program, '--stdio'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const server = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const told = answers(server);
  server.listen();
  await server.sendRequest('initialize', { processId: process.pid, rootUri: pathToFileURL(root).href, capabilities });
  await server.sendNotification('initialized', {});
  let version = 0;

  /** Opens a text, asks something about it, and closes it. */
  const about = async <T>(file: string, text: string, ask: (uri: string) => Promise<T>): Promise<T> => {
    version += 1;
    const uri = pathToFileURL(`${root}${file.replace(/(\.ya?ml)$/, `-${version}$1`)}`).href;
    const opened = { uri, languageId: 'yaml', version, text: text.replace('▮', '') };
    await server.sendNotification('textDocument/didOpen', { textDocument: opened });
    try {
      return await ask(uri);
    } finally {
      await server.sendNotification('textDocument/didClose', { textDocument: { uri } });
    }
  };
  const at = (uri: string, text: string) => ({ textDocument: { uri }, position: cursor(text) });

  return {
    completions: (file, text) =>
      about(file, text, async (uri) => {
        const found: { items: Completion[] } = await server.sendRequest('textDocument/completion', at(uri, text));
        return found.items;
      }),
    hover: (file, text) =>
      about(file, text, async (uri) => {
        const found: { contents: { value: string } } | null = await server.sendRequest(
          'textDocument/hover',
          at(uri, text),
        );
        return found?.contents.value ?? '';
      }),
    diagnostics: (file, text) =>
      about(file, text, async (uri) =>
        (await told.of(uri)).map(({ message, range }) => `${range.start.line + 1}: ${message}`),
      ),
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      await server.sendRequest('shutdown');
      await server.sendNotification('exit');
      await ended;
      server.dispose();
    },
  };
}

const capabilities = {
  textDocument: {
    completion: { completionItem: { documentationFormat: ['markdown'], snippetSupport: true } },
    hover: { contentFormat: ['markdown'] },
  },
  workspace: { configuration: true },
};

/** Answers what the server asks of its editor, and keeps the diagnostics that it sends. */
function answers(server: MessageConnection): { of(uri: string): Promise<Diagnostic[]> } {
  const waiting = new Map<string, (found: Diagnostic[]) => void>();
  server.onRequest('workspace/configuration', ({ items }: { items: { section: string }[] }) =>
    items.map(({ section }) =>
      section === 'yaml'
        ? {
            completion: true,
            hover: true,
            validate: true,
            schemaStore: { enable: false },
            disableAdditionalProperties: false,
          }
        : {},
    ),
  );
  server.onRequest('client/registerCapability', () => null);
  server.onNotification('textDocument/publishDiagnostics', (sent: { uri: string; diagnostics: Diagnostic[] }) => {
    waiting.get(sent.uri)?.(sent.diagnostics);
  });
  return {
    of: (uri) => new Promise((resolve) => waiting.set(uri, resolve)),
  };
}

/** Where `▮` stands. */
function cursor(text: string): { line: number; character: number } {
  const before = text.slice(0, text.indexOf('▮')).split('\n');
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}
