import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import type { TypstCompiler } from '@myriaddreamin/typst-ts-web-compiler';

/** What the main thread asks for: a Typst project, by path. */
export interface PdfRequest {
  readonly id: number;
  readonly files: readonly (readonly [path: string, text: string])[];
}

export type PdfAnswer = { readonly id: number } & (
  { readonly pdf: Uint8Array } | { readonly problem: string }
);

const COMPILER = '@myriaddreamin/typst-ts-web-compiler';
const FONTS = ['DejaVuSansCondensed', 'DejaVuSansCondensed-Bold', 'DejaVuSansMono'];
/** One line a problem. */
const UNIX_DIAGNOSTICS = 2;
const PDF = 'pdf';
const MAX_PROBLEM = 1000;

const require = createRequire(import.meta.url);
const utf8 = new TextEncoder();
let compiler: Promise<TypstCompiler> | undefined;

parentPort?.on('message', (request: PdfRequest) => {
  void answer(request).then((message) => parentPort?.postMessage(message));
});

async function answer({ id, files }: PdfRequest): Promise<PdfAnswer> {
  try {
    return { id, ...render(await (compiler ??= loadCompiler()), files) };
  } catch (error) {
    // Whatever stopped it may have left it half-way.
    compiler = undefined;
    return { id, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** No network, no files: the only fonts are those given here, and there is neither a package registry nor a disk. */
async function loadCompiler(): Promise<TypstCompiler> {
  const typst = await import('@myriaddreamin/typst-ts-web-compiler');
  await typst.default({ module_or_path: await readFile(require.resolve(`${COMPILER}/wasm`)) });
  const builder = new typst.TypstCompilerBuilder();
  builder.set_dummy_access_model();
  for (const font of FONTS) {
    await builder.add_raw_font(await readFile(require.resolve(`dejavu-fonts-ttf/ttf/${font}.ttf`)));
  }
  return builder.build();
}

function render(
  typst: TypstCompiler,
  files: PdfRequest['files'],
): { readonly pdf: Uint8Array } | { readonly problem: string } {
  typst.reset();
  for (const [path, text] of files) typst.map_shadow(`/${path}`, utf8.encode(text));
  try {
    const made = typst.compile('/main.typ', undefined, PDF, UNIX_DIAGNOSTICS) as {
      readonly result?: Uint8Array;
      readonly diagnostics?: readonly string[];
    };
    if (made.result !== undefined) return { pdf: made.result };
    return { problem: made.diagnostics?.join('; ').slice(0, MAX_PROBLEM) ?? 'no PDF and no reason' };
  } finally {
    typst.reset_shadow();
  }
}
