import { Writer } from 'protobufjs/minimal.js';
import { assignmentFromBytes, assignmentToBytes } from './assignment-codec.ts';
import { type Codec, makeCodec } from './codec.ts';
import { wantEnum } from './enums.ts';
import { count, each, FieldProblem, freeText, part, text, textMap } from './fields.ts';
import { patchbay } from './gen/patchbay.js';
import {
  MAX_KNOWN_RUNS,
  MAX_LABEL,
  MAX_LIST,
  MAX_ORCHESTRATOR_MESSAGE_BYTES,
  MAX_RUNNER_MESSAGE_BYTES,
} from './limits.ts';
import { batchFromWire, batchToWire } from './observation-codec.ts';
import { reasonFromWire, reasonToWire, runRefFromWire, type RunRef } from './parts.ts';
import type { DesiredRun, Finished, Hello, ToOrchestrator, ToRunner, Welcome } from './runner-messages.ts';

type Request = patchbay.v1.AttachRequest.$Properties;
type Response = patchbay.v1.AttachResponse.$Properties;

const plainAttachRequest = makeCodec<ToOrchestrator, Request>({
  name: 'AttachRequest',
  maxBytes: MAX_RUNNER_MESSAGE_BYTES,
  wire: patchbay.v1.AttachRequest,
  toWire: requestToWire,
  fromWire: requestFromWire,
});

export const attachRequestCodec: Codec<ToOrchestrator> = {
  ...plainAttachRequest,
  render: (value) => (value.kind === 'spooled' ? renderSpooled(value) : plainAttachRequest.render(value)),
};

export const attachResponseCodec = makeCodec<ToRunner, Response>({
  name: 'AttachResponse',
  maxBytes: MAX_ORCHESTRATOR_MESSAGE_BYTES,
  wire: patchbay.v1.AttachResponse,
  toWire: responseToWire,
  fromWire: responseFromWire,
});

/** Field numbers and wire types as in runner.proto: what a spool holds is sent without decoding it first. */
const TAG = { run: (1 << 3) | 2, fence: 2 << 3, observation: (3 << 3) | 2, observations: (5 << 3) | 2 };

function renderSpooled({ run, fence, encoded }: RunRef & { encoded: readonly Uint8Array[] }): Uint8Array {
  const batch = Writer.create().uint32(TAG.run).string(run).uint32(TAG.fence).uint64(fence);
  for (const item of encoded) batch.uint32(TAG.observation).bytes(item);
  return Writer.create().uint32(TAG.observations).bytes(batch.finish()).finish();
}

function requestToWire(value: ToOrchestrator): Request {
  switch (value.kind) {
    case 'hello':
      return { hello: helloToWire(value) };
    case 'heartbeat':
      return { heartbeat: { runs: value.runs.map(refToWire) } };
    case 'accept':
      return { accept: refToWire(value) };
    case 'decline':
      return { decline: { ...refToWire(value), reason: reasonToWire(value.reason) } };
    case 'observations':
      return { observations: batchToWire(value.batch) };
    case 'finished':
      return { finished: finishedToWire(value) };
    case 'tearDown':
      return { tearDown: { slot: value.slot, fence: value.fence } };
    case 'spooled':
      throw new TypeError('encoded observations have a way of their own');
  }
}

function requestFromWire(wire: Request): ToOrchestrator {
  if (wire.observations) {
    return { kind: 'observations', batch: part(wire.observations, 'observations', batchFromWire) };
  }
  if (wire.heartbeat) return { kind: 'heartbeat', runs: part(wire.heartbeat, 'heartbeat', heldRuns) };
  if (wire.accept) return { kind: 'accept', ...part(wire.accept, 'accept', runRefFromWire) };
  if (wire.decline) return part(wire.decline, 'decline', declineFromWire);
  if (wire.finished) return part(wire.finished, 'finished', finishedFromWire);
  if (wire.tearDown) return part(wire.tearDown, 'tear_down', tearDownFromWire);
  if (wire.hello) return part(wire.hello, 'hello', helloFromWire);
  throw new FieldProblem('body', 'is missing or of a kind that this release does not know');
}

function heldRuns(wire: patchbay.v1.Heartbeat.$Properties): readonly RunRef[] {
  return each(wire.runs, { field: 'runs', max: MAX_LIST }, runRefFromWire);
}

function declineFromWire(wire: patchbay.v1.Decline.$Properties): ToOrchestrator {
  return { kind: 'decline', ...runRefFromWire(wire), reason: part(wire.reason, 'reason', reasonFromWire) };
}

function tearDownFromWire(wire: patchbay.v1.TearDown.$Properties): ToOrchestrator {
  return { kind: 'tearDown', slot: count(wire.slot, 'slot'), fence: count(wire.fence, 'fence') };
}

function helloToWire(hello: Hello): patchbay.v1.Hello.$Properties {
  return {
    protocolVersions: [...hello.protocolVersions],
    capabilities: [...hello.capabilities],
    tools: { ...hello.tools },
    knownRuns: [...hello.knownRuns],
    boot: hello.boot,
    slots: hello.slots,
  };
}

function helloFromWire(wire: patchbay.v1.Hello.$Properties): Hello {
  return {
    kind: 'hello',
    protocolVersions: each(
      wire.protocolVersions,
      { field: 'protocol_versions', max: 64 },
      (version) => version,
    ),
    capabilities: each(wire.capabilities, { field: 'capabilities', max: MAX_LIST }, (capability) =>
      text(capability, 'name', MAX_LABEL),
    ),
    tools: textMap(wire.tools, { field: 'tools', maxEntries: MAX_LIST, maxText: MAX_LABEL }),
    knownRuns: each(wire.knownRuns, { field: 'known_runs', max: MAX_KNOWN_RUNS }, (known) => ({
      ...runRefFromWire(known),
      slot: count(known.slot, 'slot'),
      lastSeq: count(known.lastSeq, 'last_seq'),
      finished: known.finished ?? false,
    })),
    boot: count(wire.boot, 'boot'),
    slots: count(wire.slots, 'slots'),
  };
}

function finishedToWire(finished: Finished): patchbay.v1.Finished.$Properties {
  const { tearDownFailure, gaveUp } = finished;
  return {
    ...refToWire(finished),
    lastSeq: finished.lastSeq,
    ...(tearDownFailure === null ? {} : { tearDownFailure: reasonToWire(tearDownFailure) }),
    ...(gaveUp === null ? {} : { gaveUp: reasonToWire(gaveUp) }),
  };
}

function finishedFromWire(wire: patchbay.v1.Finished.$Properties): Finished {
  return {
    kind: 'finished',
    ...runRefFromWire(wire),
    lastSeq: count(wire.lastSeq, 'last_seq'),
    tearDownFailure: wire.tearDownFailure
      ? part(wire.tearDownFailure, 'tear_down_failure', reasonFromWire)
      : null,
    gaveUp: wire.gaveUp ? part(wire.gaveUp, 'gave_up', reasonFromWire) : null,
  };
}

function responseToWire(value: ToRunner): Response {
  switch (value.kind) {
    case 'welcome':
      return { welcome: welcomeToWire(value) };
    case 'desired':
      return { desired: { runs: value.runs.map(desiredToWire) } };
    case 'acknowledged':
      return { acknowledged: { ...refToWire(value), seq: value.seq, finished: value.finished } };
    case 'refused':
      return { refused: { ...refToWire(value), reason: reasonToWire(value.reason) } };
  }
}

function welcomeToWire(welcome: Welcome): patchbay.v1.Welcome.$Properties {
  const { protocolVersion, heartbeatMs, graceMs, orchestratorVersion } = welcome;
  return { protocolVersion, heartbeatMs, graceMs, orchestratorVersion };
}

function responseFromWire(wire: Response): ToRunner {
  if (wire.acknowledged) {
    return part(wire.acknowledged, 'acknowledged', (item) => ({
      kind: 'acknowledged',
      ...runRefFromWire(item),
      seq: count(item.seq, 'seq'),
      finished: item.finished ?? false,
    }));
  }
  if (wire.desired) {
    const limit = { field: 'runs', max: MAX_KNOWN_RUNS };
    return part(wire.desired, 'desired', ({ runs }) => ({
      kind: 'desired',
      runs: each(runs, limit, desiredFromWire),
    }));
  }
  if (wire.refused) {
    return part(wire.refused, 'refused', (item) => ({
      kind: 'refused',
      ...runRefFromWire(item),
      reason: part(item.reason, 'reason', reasonFromWire),
    }));
  }
  return part(wire.welcome, 'body', (item) => ({
    kind: 'welcome',
    protocolVersion: count(item.protocolVersion, 'protocol_version'),
    heartbeatMs: count(item.heartbeatMs, 'heartbeat_ms'),
    graceMs: count(item.graceMs, 'grace_ms'),
    orchestratorVersion: freeText(item.orchestratorVersion, 'orchestrator_version', MAX_LABEL),
  }));
}

function desiredToWire(desired: DesiredRun): patchbay.v1.DesiredRun.$Properties {
  return {
    ...refToWire(desired),
    slot: desired.slot,
    want: wantEnum.toWire(desired.want),
    ...(desired.assignment === null ? {} : { assignment: assignmentToBytes(desired.assignment) }),
  };
}

function desiredFromWire(wire: patchbay.v1.DesiredRun.$Properties): DesiredRun {
  const want = wantEnum.fromWire(wire.want, 'want');
  const desired = { ...runRefFromWire(wire), slot: count(wire.slot, 'slot'), want };
  if (want !== 'run' || !wire.assignment?.length) return { ...desired, assignment: null };
  const assignment = part(wire.assignment, 'assignment', assignmentFromBytes);
  if (
    assignment.run !== desired.run ||
    assignment.fence !== desired.fence ||
    assignment.slot !== desired.slot
  ) {
    throw new FieldProblem('assignment', 'is of another run, fence or slot');
  }
  return { ...desired, assignment };
}

function refToWire({ run, fence }: RunRef): { run: string; fence: number } {
  return { run, fence };
}
