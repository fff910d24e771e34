import { renderEnvelope } from '../../../src/attest/format/envelope.ts';
import type { Verification } from '../../../src/attest/verify/verify.ts';
import { makeRandom, type Random } from '../../chaos/random.ts';
import { aSignedReport, check, type SignedReport } from '../../support/signed-report.ts';
import type { Fuzzed, FuzzOptions } from '../fuzzer.ts';
import { respell } from './harmless-changes.ts';
import { changeAtRandom } from './random-changes.ts';
import { STRUCTURAL_CHANGES } from './structural-changes.ts';

export interface FuzzFindings {
  readonly rounds: number;
  /** Named changes of structure that were tried. */
  readonly structural: number;
  /** Other spellings that must be taken, and random bytes of the file that may be. */
  readonly respelled: number;
  readonly bytes: { readonly tried: number; readonly accepted: number };
  /** Changes that were accepted although they must not be; each with the envelope in base64, to be looked at again. */
  readonly wronglyAccepted: readonly string[];
  /** Other spellings that were refused, and accepted changes of the file that say or prove something else. */
  readonly different: readonly string[];
  /** How many refusals gave which reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** A round that must be accepted takes longer than one that must be refused, and there is less to find. */
const RESPELL_EVERY = 4;

/** `fuzz -- verify`: rounds are random changes of the decoded payload, type and signatures. */
export async function fuzzReports(options: FuzzOptions): Promise<Fuzzed> {
  const { wronglyAccepted, different, ...figures } = await fuzzVerify(options);
  const counts = { wronglyAccepted: wronglyAccepted.length, different: different.length };
  return { findings: [...wronglyAccepted, ...different], figures: { ...figures, ...counts } };
}

/** Changes a sound report in every way we know and looks whether the verifier is ever taken in. */
export async function fuzzVerify({
  rounds,
  seed,
  onRound = () => undefined,
}: FuzzOptions): Promise<FuzzFindings> {
  const report = await aSignedReport();
  const sound = check(report);
  const random = makeRandom(seed);
  const seen = new Seen(sound);
  for (const { name, make } of STRUCTURAL_CHANGES) {
    const bytes = await make(report);
    if (Buffer.compare(bytes, renderEnvelope(report.envelope)) === 0)
      throw new Error(`"${name}" changes nothing`);
    seen.mustRefuse(name, report, bytes);
  }
  let accepted = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const { name, envelope } = changeAtRandom(report.envelope, random);
    seen.mustRefuse(name, report, renderEnvelope(envelope));
    onRound(round);
    if (round % RESPELL_EVERY !== 0) continue;
    const { name: spelling, bytes } = respell(report.envelope, random);
    seen.mustAgree(spelling, report, bytes);
    if (seen.mayAgree('a byte of the file', report, withByte(renderEnvelope(report.envelope), random)))
      accepted += 1;
  }
  const { wronglyAccepted, different, reasons } = seen;
  const respelled = Math.floor(rounds / RESPELL_EVERY);
  return {
    ...{ rounds, structural: STRUCTURAL_CHANGES.length, respelled },
    bytes: { tried: respelled, accepted },
    ...{ wronglyAccepted, different, reasons: Object.fromEntries([...reasons].sort()) },
  };
}

class Seen {
  readonly wronglyAccepted: string[] = [];
  readonly different: string[] = [];
  readonly reasons = new Map<string, number>();
  private readonly sound: string;

  constructor(sound: Verification) {
    this.sound = factsOf(sound);
  }

  mustRefuse(name: string, report: SignedReport, bytes: Uint8Array): void {
    const seen = check(report, { bytes });
    if (seen.status === 'accepted')
      this.wronglyAccepted.push(`${name}: ${Buffer.from(bytes).toString('base64')}`);
    else this.count(seen.reasons[0].code);
  }

  mustAgree(name: string, report: SignedReport, bytes: Uint8Array): void {
    if (!this.mayAgree(name, report, bytes))
      this.different.push(`${name}: ${Buffer.from(bytes).toString('base64')}`);
  }

  /** Whether it was accepted; when it was, it has to say and prove the very same. */
  mayAgree(name: string, report: SignedReport, bytes: Uint8Array): boolean {
    const seen = check(report, { bytes });
    if (seen.status === 'accepted' && factsOf(seen) !== this.sound)
      this.different.push(`${name}: ${Buffer.from(bytes).toString('base64')}`);
    return seen.status === 'accepted';
  }

  private count(code: string): void {
    this.reasons.set(code, (this.reasons.get(code) ?? 0) + 1);
  }
}

/** Payload, signers and everything else that an acceptance says. */
function factsOf(verification: Verification): string {
  return JSON.stringify(verification);
}

function withByte(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.between(0, bytes.length - 1);
  const mask = random.between(1, 255);
  return bytes.map((byte, index) => (index === at ? byte ^ mask : byte));
}
