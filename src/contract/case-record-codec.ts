import type { CaseRecord, Cause, ClauseJudgement, Measurement, Outcome } from '../domain/case-record.ts';
import { type EquipmentId, parseQualifiedName } from '../domain/ids.ts';
import { causeEnum, dispositionEnum, filledByEnum, verdictEnum } from './enums.ts';
import { each, FieldProblem, finite, freeText, part, parsed, text, textMap } from './fields.ts';
import type { patchbay } from './gen/patchbay.js';
import { MAX_LABEL, MAX_LIST, MAX_LONG_LIST, MAX_TEXT } from './limits.ts';
import {
  caseIdFromWire,
  caseReasonFromWire,
  caseReasonToWire,
  evidenceItemFromWire,
  runIdFromWire,
  type RunRef,
} from './parts.ts';

type Wire = patchbay.v1.CaseRecord.$Properties;

/** `2026-11-23T08:00:00.000Z` */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/u;
/** A digest, and perhaps a place inside those bytes. */
const EVIDENCE_REF = /^sha256:[0-9a-f]{64}(?:#[\w=.,&:-]{1,128})?$/u;

/** Run and fence are not repeated in the record: they are those of the batch that carries it. */
export function caseRecordFromWire(wire: Wire, { run, fence }: RunRef): CaseRecord {
  const checks = each(wire.fitness, { field: 'fitness', max: MAX_LIST }, (check) => ({
    id: text(check.id, 'id', MAX_LABEL),
    fit: check.fit ?? false,
    saw: freeText(check.saw, 'saw', MAX_TEXT),
  }));
  return {
    run,
    retryOf: wire.retryOf ? part(wire.retryOf, 'retry_of', runIdFromWire) : null,
    case: caseIdFromWire(wire.caseId),
    planVersion: text(wire.planVersion, 'plan_version', MAX_LABEL),
    fence,
    startedAt: time(wire.startedAt, 'started_at'),
    endedAt: time(wire.endedAt, 'ended_at'),
    outcome: outcomeFromWire(wire),
    cause: part(wire.cause, 'cause', causeFromWire),
    peers: each(wire.peers, { field: 'peers', max: MAX_LIST }, peerFromWire),
    transports: textMap(wire.transports, { field: 'transports', maxEntries: MAX_LIST, maxText: MAX_LABEL }),
    fitness: { fit: checks.every(({ fit }) => fit), checks },
    measurements: each(wire.measurements, { field: 'measurements', max: MAX_LONG_LIST }, measurementFromWire),
    evidence: each(wire.evidence, { field: 'evidence', max: MAX_LONG_LIST }, evidenceItemFromWire),
  };
}

export function caseRecordToWire(record: CaseRecord): Wire {
  const { outcome, cause } = record;
  return {
    caseId: record.case,
    retryOf: record.retryOf ?? '',
    planVersion: record.planVersion,
    startedAt: record.startedAt,
    endedAt: record.endedAt,
    ...outcomeToWire(outcome),
    cause: { kind: causeEnum.toWire(cause.kind), attributedTo: cause.attributedTo ?? '' },
    peers: record.peers.map((peer) => ({ ...peer, filledBy: filledByEnum.toWire(peer.filledBy) })),
    transports: { ...record.transports },
    fitness: record.fitness.checks.map((check) => ({ ...check, saw: clip(check.saw) })),
    measurements: [...record.measurements],
    evidence: [...record.evidence],
  };
}

/** Long quotes are cut: what a product sent must not keep a record from being stored. */
function clip(words: string): string {
  return words.length > MAX_TEXT ? words.slice(0, MAX_TEXT) : words;
}

function time(value: string | null | undefined, field: string): string {
  const stamp = text(value, field, 40);
  if (!TIME.test(stamp) || Number.isNaN(Date.parse(stamp))) {
    throw new FieldProblem(field, 'is not an RFC 3339 time');
  }
  return stamp;
}

function outcomeFromWire({ judged, notJudged }: Wire): Outcome {
  if (judged && notJudged) throw new FieldProblem('outcome', 'is both judged and not judged');
  if (judged) return part(judged, 'judged', judgedFromWire);
  return part(notJudged, 'outcome', (wire) => ({
    kind: 'notJudged',
    disposition: dispositionEnum.fromWire(wire.disposition, 'disposition'),
    reason: part(wire.reason, 'reason', caseReasonFromWire),
  }));
}

function judgedFromWire(wire: patchbay.v1.JudgedOutcome.$Properties): Outcome {
  const outcome = {
    kind: 'judged' as const,
    verdict: verdictEnum.fromWire(wire.verdict, 'verdict'),
    clauses: each(wire.clauses, { field: 'clauses', max: MAX_LIST }, clauseFromWire),
    remarks: each(wire.remarks, { field: 'remarks', max: MAX_LIST }, (remark) =>
      freeText(remark, 'text', MAX_TEXT),
    ),
  };
  return wire.reason ? { ...outcome, reason: part(wire.reason, 'reason', caseReasonFromWire) } : outcome;
}

function outcomeToWire(outcome: Outcome): Pick<Wire, 'judged' | 'notJudged'> {
  if (outcome.kind === 'notJudged') {
    const disposition = dispositionEnum.toWire(outcome.disposition);
    return { notJudged: { disposition, reason: caseReasonToWire(outcome.reason) } };
  }
  const { verdict, clauses, remarks, reason } = outcome;
  return {
    judged: {
      verdict: verdictEnum.toWire(verdict),
      clauses: clauses.map(clauseToWire),
      remarks: remarks.map(clip),
      ...(reason === undefined ? {} : { reason: caseReasonToWire(reason) }),
    },
  };
}

function clauseFromWire(wire: patchbay.v1.ClauseJudgement.$Properties): ClauseJudgement {
  const judgement = {
    id: text(wire.id, 'id', MAX_LABEL),
    verdict: verdictEnum.fromWire(wire.verdict, 'verdict'),
    evidence: each(wire.evidence, { field: 'evidence', max: MAX_LIST }, evidenceRef),
  };
  return {
    ...judgement,
    ...(wire.saw ? { saw: freeText(wire.saw, 'saw', MAX_TEXT) } : {}),
    ...(wire.blames ? { blames: parsed(parseQualifiedName<EquipmentId>(wire.blames), 'blames') } : {}),
  };
}

function clauseToWire(clause: ClauseJudgement): patchbay.v1.ClauseJudgement.$Properties {
  const { id, verdict, saw, evidence, blames = '' } = clause;
  return { id, verdict: verdictEnum.toWire(verdict), saw: clip(saw ?? ''), evidence: [...evidence], blames };
}

function evidenceRef(value: string): string {
  if (!EVIDENCE_REF.test(value)) throw new FieldProblem('ref', 'is not sha256:… with or without #place');
  return value;
}

function causeFromWire(wire: patchbay.v1.Cause.$Properties): Cause {
  const kind = causeEnum.fromWire(wire.kind, 'kind');
  if (!wire.attributedTo) return { kind };
  return { kind, attributedTo: parsed(parseQualifiedName<EquipmentId>(wire.attributedTo), 'attributed_to') };
}

function peerFromWire(wire: patchbay.v1.FilledPeer.$Properties): CaseRecord['peers'][number] {
  return {
    name: text(wire.name, 'name', MAX_LABEL),
    filledBy: filledByEnum.fromWire(wire.filledBy, 'filled_by'),
    id: freeText(wire.id, 'id', MAX_LABEL),
    version: freeText(wire.version, 'version', MAX_LABEL),
  };
}

function measurementFromWire(wire: patchbay.v1.Measurement.$Properties): Measurement {
  const { min, max } = wire;
  return {
    name: text(wire.name, 'name', MAX_LABEL),
    value: finite(wire.value, 'value'),
    unit: freeText(wire.unit, 'unit', MAX_LABEL),
    ...(min === undefined || min === null ? {} : { min: finite(min, 'min') }),
    ...(max === undefined || max === null ? {} : { max: finite(max, 'max') }),
  };
}
