import type { DispositionReason, EvidenceItem } from '../domain/case-record.ts';
import { type CaseId, type Digest, parseDigest, parseName, type RunId } from '../domain/ids.ts';
import { type Code, isCode } from '../kernel/codes.ts';
import type { Reason } from '../kernel/errors.ts';
import { count, FieldProblem, freeText, ordinal, parsed, text } from './fields.ts';
import type { patchbay } from './gen/patchbay.js';
import { MAX_LABEL, MAX_TEXT } from './limits.ts';

/** A run and the fence number of the lease it is held under: every message about a run carries both. */
export interface RunRef {
  readonly run: RunId;
  readonly fence: number;
}

export function runIdFromWire(value: string | null | undefined): RunId {
  return parsed(parseName(value ?? ''), 'run') as RunId;
}

export function runRefFromWire({ run, fence }: patchbay.v1.HeldRun.$Properties): RunRef {
  return { run: runIdFromWire(run), fence: ordinal(fence, 'fence') };
}

export function caseIdFromWire(value: string | null | undefined, field = 'case_id'): CaseId {
  return text(value, field, 128) as CaseId;
}

export function digestFromWire(value: string | null | undefined): Digest {
  return parsed(parseDigest(value ?? ''), 'digest');
}

function codeFromWire(value: string | null | undefined): Code {
  const code = text(value, 'code', 64);
  if (!isCode(code)) throw new FieldProblem('code', `"${code}" is not a code of this release`);
  return code;
}

export function reasonFromWire(wire: patchbay.v1.Reason.$Properties): Reason {
  return { code: codeFromWire(wire.code), text: freeText(wire.text, 'text', MAX_TEXT) };
}

/** Texts are made by code of ours; what is too long is cut rather than lost. */
export function reasonToWire({ code, text: words }: Reason): patchbay.v1.Reason.$Properties {
  return { code, text: words.slice(0, MAX_TEXT) };
}

export function caseReasonFromWire(wire: patchbay.v1.CaseReason.$Properties): DispositionReason {
  const reason = { code: codeFromWire(wire.code), text: freeText(wire.text, 'text', MAX_TEXT) };
  return wire.caseId ? { ...reason, case: caseIdFromWire(wire.caseId) } : reason;
}

export function caseReasonToWire(reason: DispositionReason): patchbay.v1.CaseReason.$Properties {
  return { code: reason.code, text: reason.text.slice(0, MAX_TEXT), caseId: reason.case ?? '' };
}

export function evidenceItemFromWire(wire: patchbay.v1.EvidenceItem.$Properties): EvidenceItem {
  return {
    digest: digestFromWire(wire.digest),
    mediaType: text(wire.mediaType, 'media_type', MAX_LABEL),
    role: text(wire.role, 'role', MAX_LABEL),
    bytes: count(wire.bytes, 'bytes'),
  };
}
