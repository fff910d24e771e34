/** What can be said of one side of E2 before it meets the other. */
export const E2_TOPICS = [
  'e2ap',
  'model',
  'model.oid',
  'kpm.version',
  'kpm.timeStampOctets',
  'kpm.styles',
  'rc.version',
  'rc.styles',
  'definition.unreadable',
  'carriage',
  'udp.local',
  'udp.remote',
  'plmn',
  'nodeIdBits',
] as const;
export type E2Topic = (typeof E2_TOPICS)[number];

/** One thing that is said of a product, by its vendor or by octets that it sent. */
export interface E2Statement {
  readonly topic: E2Topic;
  /** Of `e2ap` and versions the major number; of `model.oid` name and number, as in `kpm 1.3.6…`; else as it is. */
  readonly value: string | number;
  /** Where that stands, for people: `ICS e2.kpm`, `message 3 of the capture`. */
  readonly source: string;
  readonly captured: boolean;
}
