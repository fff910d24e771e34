import { generateModule } from '../../runners/interfaces/per/generate/generate.ts';
import * as runtime from '../../runners/interfaces/per/runtime.ts';
import type { Schema } from '../../runners/interfaces/per/schema.ts';
import type { Variant } from '../../runners/interfaces/per/writer.ts';

export type Codecs = Readonly<Record<string, runtime.Codec>>;

/** The codecs of the module that is generated for a schema. */
export async function generatedCodecs(schema: Schema, variant: Variant): Promise<Codecs> {
  const { code } = generateModule(schema, variant);
  const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
  const loaded = (await import(url)) as { readonly make: (rt: typeof runtime) => Codecs };
  return loaded.make(runtime);
}
