import { EXIT } from '../../domain/exit-code.ts';
import { HarnessError } from '../../kernel/errors.ts';
import { renderVerification, verificationJson } from './render.ts';
import { type ReportFiles, verifyFiles, type VerifyOptions } from './verify-files.ts';

export interface CommandEnd {
  /** 0 accepted, 1 refused, 2 wrong use. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `patchbay verify` and `patchbay-verify` do, up to printing. */
export async function runVerify(
  files: ReportFiles,
  { json, ...options }: VerifyOptions & { readonly json: boolean },
): Promise<CommandEnd> {
  try {
    const verification = await verifyFiles(files, options);
    const stdout = json
      ? `${JSON.stringify(verificationJson(verification), null, 2)}\n`
      : renderVerification(verification);
    return { code: verification.status === 'accepted' ? EXIT.ok : EXIT.failed, stdout, stderr: '' };
  } catch (error) {
    if (!(error instanceof HarnessError) || error.code !== 'NOT_FOUND') throw error;
    return { code: EXIT.wrongUse, stdout: '', stderr: `${error.code}: ${error.message}\n` };
  }
}
