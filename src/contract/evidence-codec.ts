import { makeCodec } from './codec.ts';
import { bytes, count, part } from './fields.ts';
import { patchbay } from './gen/patchbay.js';
import { CHUNK_BYTES } from './limits.ts';
import { digestFromWire, evidenceItemFromWire, runRefFromWire } from './parts.ts';
import type { EvidenceProgress, QueryEvidence, UploadEvidence } from './runner-messages.ts';

const SMALL = 4_096;

export const queryEvidenceCodec = makeCodec<QueryEvidence, patchbay.v1.QueryEvidenceRequest.$Properties>({
  name: 'QueryEvidenceRequest',
  maxBytes: SMALL,
  wire: patchbay.v1.QueryEvidenceRequest,
  toWire: ({ run, fence, digest }) => ({ run, fence, digest }),
  fromWire: (wire) => ({ ...runRefFromWire(wire), digest: digestFromWire(wire.digest) }),
});

export const evidenceStateCodec = makeCodec<EvidenceProgress, patchbay.v1.QueryEvidenceResponse.$Properties>({
  name: 'QueryEvidenceResponse',
  maxBytes: SMALL,
  wire: patchbay.v1.QueryEvidenceResponse,
  toWire: ({ complete, offset }) => ({ complete, offset }),
  fromWire: progressFromWire,
});

export const evidenceUploadedCodec = makeCodec<
  EvidenceProgress,
  patchbay.v1.UploadEvidenceResponse.$Properties
>({
  name: 'UploadEvidenceResponse',
  maxBytes: SMALL,
  wire: patchbay.v1.UploadEvidenceResponse,
  toWire: ({ complete, offset }) => ({ complete, offset }),
  fromWire: progressFromWire,
});

export const uploadEvidenceCodec = makeCodec<UploadEvidence, patchbay.v1.UploadEvidenceRequest.$Properties>({
  name: 'UploadEvidenceRequest',
  maxBytes: CHUNK_BYTES + SMALL,
  wire: patchbay.v1.UploadEvidenceRequest,
  toWire: (value) => {
    if (value.kind === 'chunk') return { chunk: value.bytes };
    const { run, fence, item, offset } = value;
    return { header: { run, fence, item, offset } };
  },
  fromWire: (wire) =>
    wire.header
      ? part(wire.header, 'header', headerFromWire)
      : { kind: 'chunk', bytes: bytes(wire.chunk, 'chunk', CHUNK_BYTES) },
});

function headerFromWire(wire: patchbay.v1.EvidenceHeader.$Properties): UploadEvidence {
  return {
    kind: 'header',
    ...runRefFromWire(wire),
    item: part(wire.item, 'item', evidenceItemFromWire),
    offset: count(wire.offset, 'offset'),
  };
}

function progressFromWire(wire: patchbay.v1.QueryEvidenceResponse.$Properties): EvidenceProgress {
  return { complete: wire.complete ?? false, offset: count(wire.offset, 'offset') };
}
