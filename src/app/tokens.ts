import { processEnvironment } from './environment.ts';
import type { OpenToken } from '../attest/sign/token-key.ts';

/** Opens keys on PKCS#11 tokens. What speaks to them is loaded when the first is opened: most labs have none. */
export function makeOpenToken(environment = processEnvironment()): OpenToken {
  let tokens: Promise<OpenToken> | undefined;
  return async (key, who) => {
    tokens ??= import('../adapters/pkcs11/tokens.ts').then(({ makeTokens }) => makeTokens({ environment }));
    return (await tokens)(key, who);
  };
}
