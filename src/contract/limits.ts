/** Protocol versions that this code speaks, best first. */
export const PROTOCOL_VERSIONS: readonly number[] = [1];

const KIB = 1024;
const MIB = 1024 * KIB;

/** Largest message from a runner, in bytes. */
export const MAX_RUNNER_MESSAGE_BYTES = 4 * MIB;
/** Largest message to a runner, in bytes: a list of desired states carries assignments. */
export const MAX_ORCHESTRATOR_MESSAGE_BYTES = 32 * MIB;
/** Largest assignment, in bytes of JSON. */
export const MAX_ASSIGNMENT_BYTES = 8 * MIB;
/** Largest single observation, in encoded bytes. */
export const MAX_OBSERVATION_BYTES = MIB;
/** A batch of observations is sent when it reaches this size. */
export const BATCH_BYTES = 256 * KIB;
export const MAX_BATCH_OBSERVATIONS = 10_000;
/** Size of one piece of an evidence upload. */
export const CHUNK_BYTES = 64 * KIB;

/** Longest texts, in UTF-16 code units. */
export const MAX_TEXT = 4 * KIB;
export const MAX_LABEL = 256;
export const MAX_LOG_TEXT = 8 * KIB;

/** Longest lists. */
export const MAX_KNOWN_RUNS = 1_000;
export const MAX_LIST = 256;
export const MAX_LONG_LIST = 4_096;
