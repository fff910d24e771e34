/** Whose fault it is. Decides the verdict, who is told, and whether trying again makes sense. */
export type Fault = 'product' | 'plan' | 'testbed' | 'harness' | 'request';

export interface CodeSpec {
  readonly fault: Fault;
  /** `new-run`: tried once more, automatically, as a new run. `wait`: clears by itself. `never`: somebody has to act. */
  readonly retry: 'never' | 'wait' | 'new-run';
  readonly means: string;
  readonly remedy: string;
}

/**
 * Every reason and error code of the product. A code is never reused for another meaning.
 * `docs/errors.md` is made from this table.
 */
export const CODES = {
  // --- the harness itself
  UNEXPECTED: spec(
    'harness',
    'never',
    'something happened that nobody had thought of',
    'report it, with the log',
  ),
  DEADLINE: spec(
    'harness',
    'new-run',
    'a step of ours took longer than its limit',
    'look at the log of that step; raise the limit if it is too tight',
  ),
  ILLEGAL_TRANSITION: spec(
    'harness',
    'never',
    'an event came that is not possible in this state',
    'report it, with the log',
  ),
  CONFLICT: spec(
    'harness',
    'wait',
    'somebody else changed the same thing first',
    'nothing: it is tried again',
  ),
  ABORTED: spec('request', 'never', 'somebody stopped it by force', 'submit it again if it is still wanted'),
  CANCELLED: spec('request', 'never', 'somebody cancelled it', 'submit it again if it is still wanted'),
  // --- input
  INPUT_INVALID: spec(
    'request',
    'never',
    'a document or a request has mistakes',
    'correct every place that is named',
  ),
  INPUT_TOO_LARGE: spec('request', 'never', 'a document or a request is larger than its limit', 'send less'),
  NOT_FOUND: spec('request', 'never', 'nothing of that name exists here', 'look at the list of what exists'),
  ALREADY_EXISTS: spec(
    'request',
    'never',
    'that name is taken by something different',
    'choose another name or a higher version',
  ),
  UNAUTHENTICATED: spec(
    'request',
    'never',
    'no valid credential came with the request',
    'send a valid token or certificate',
  ),
  FORBIDDEN: spec('request', 'never', 'the credential does not allow this', 'ask for the scope or the role'),
  METHOD_NOT_ALLOWED: spec(
    'request',
    'never',
    'the address exists, but not for this method',
    'use a method of the Allow header',
  ),
  MEDIA_TYPE: spec('request', 'never', 'the body is not of a type that is understood', 'send JSON'),
  RATE_LIMITED: spec(
    'request',
    'wait',
    'too many requests came from this address',
    'wait, then ask less often',
  ),
  // --- the front door
  WRONG_USE: spec(
    'request',
    'never',
    'the command was not used as it should be',
    'add --help to the command',
  ),
  CONFIG_INVALID: spec(
    'request',
    'never',
    'environment variables have values that cannot be used',
    'correct every variable that is named',
  ),
  ORCHESTRATOR_UNREACHABLE: spec(
    'request',
    'never',
    'no orchestrator answers at PATCHBAY_URL',
    'start it with `patchbay up`, or correct PATCHBAY_URL',
  ),
  ORCHESTRATOR_ANSWER: spec(
    'harness',
    'never',
    'the orchestrator gave an answer that this command line does not understand',
    'use the same release on both sides',
  ),
  ADDRESS_UNUSABLE: spec(
    'request',
    'never',
    'an address to listen on is taken by another program, or cannot be had on this machine',
    'stop the other program, or set another address or port',
  ),
  OUTPUT_EXISTS: spec(
    'request',
    'never',
    'something else stands where the output should go',
    'choose another place',
  ),
  // --- GTP-U
  GTPU_PORT_TAKEN: spec(
    'testbed',
    'wait',
    'a UDP port that GTP-U needs is in use or may not be had on this runner',
    'end what uses it, or name another address for the tester',
  ),
  GTPU_UNREACHABLE: spec(
    'testbed',
    'new-run',
    'a packet of GTP-U could not be sent: there is no way to the address',
    'correct the address, or the routes of the runner',
  ),
  // --- SCTP
  SCTP_TRANSPORT_UNUSABLE: spec(
    'testbed',
    'never',
    'this runner cannot carry SCTP in the way that was asked for',
    'look at `patchbay doctor`; install what it names, or choose another transport',
  ),
  SCTP_PORT_TAKEN: spec(
    'testbed',
    'wait',
    'a port for SCTP is in use already',
    'stop the other program, or set another port',
  ),
  SCTP_UNREACHABLE: spec(
    'testbed',
    'new-run',
    'nobody answers at that SCTP address and port',
    'check address, ports, transport and the way between',
  ),
  SCTP_REFUSED: spec(
    'product',
    'never',
    'the peer answers, and refuses the association',
    'check that it listens on that port, and its log',
  ),
  SCTP_ENDED: spec('product', 'never', 'the association has ended', 'look at its events for the reason'),
  SCTP_MESSAGE_REFUSED: spec(
    'harness',
    'never',
    'a message is empty or too large, or its stream does not exist',
    'report it, with the log',
  ),
  // --- plans and applicability
  PLAN_INVALID: spec(
    'plan',
    'never',
    'a test plan contradicts itself or the code',
    'run `patchbay plan check`',
  ),
  PROCEDURE_UNKNOWN: spec(
    'plan',
    'never',
    'a plan names a procedure that this runner does not have',
    'update the runner or the plan',
  ),
  ICS_NOT_CLAIMED: spec(
    'product',
    'never',
    'the product does not claim what the case is about',
    'nothing, or correct the ICS',
  ),
  IXIT_MISSING: spec(
    'request',
    'never',
    'the tester was not told something the case needs',
    'complete the IXIT of the equipment',
  ),
  SECRET_REFUSED: spec(
    'request',
    'never',
    'equipment refers to a secret outside of the place where this runner keeps secrets for equipment',
    'put it into the folder of `patchbay runner start --secrets DIR`, or in a variable PATCHBAY_SECRET_…',
  ),
  INTERFACE_MISSING: spec(
    'request',
    'never',
    'the equipment file names no end point for an interface of the plan',
    'add the interface',
  ),
  PRECONDITION_FAILED: spec(
    'product',
    'never',
    'the case could not start because an earlier step it builds on failed',
    'look at the case named',
  ),
  BUDGET_SPENT: spec(
    'request',
    'never',
    'the hours of testbeds that a plan may use are spent on what matters more',
    'plan with a larger budget',
  ),
  PLACE_WAITS: spec('request', 'wait', 'its turn by the plan of its campaign has not come', 'wait'),
  PLACE_MISSING: spec(
    'harness',
    'wait',
    'a run of a planned campaign has no place, such as one that repeats another',
    'nothing: the campaign is planned again',
  ),
  PLACE_LATE: spec(
    'testbed',
    'wait',
    'a run should have begun, but what it needs is held longer than planned',
    'nothing: the campaign is planned again',
  ),
  PLACE_TAKEN: spec(
    'request',
    'wait',
    'an urgent campaign has taken places of this one',
    'nothing: the campaign is planned again',
  ),
  EQUIPMENT_WITHDRAWN: spec(
    'request',
    'never',
    'its owner has taken the product away',
    'submit it again when it is there again',
  ),
  GATE_WAITS: spec('plan', 'wait', 'a plan that has to pass first is not through yet', 'wait'),
  GATE_CLOSED: spec('product', 'never', 'a plan that has to pass first did not', 'look at that plan'),
  // --- SUT, seen before the first stimulus
  SUT_UNREACHABLE: spec(
    'testbed',
    'never',
    'nothing answered at the end point of the SUT',
    'check that the product runs, its address and the cabling',
  ),
  SUT_TLS_FAILED: spec(
    'testbed',
    'never',
    'the TLS hand-shake with the SUT failed before the first stimulus',
    'check trust anchors and certificates on both sides',
  ),
  SUT_DRIFTED: spec(
    'product',
    'never',
    'the product is not the version that was submitted',
    'submit the new version',
  ),
  // --- simulators and runner
  SIMULATOR_FAILED: spec('harness', 'new-run', 'a simulator did not start or died', 'look at its log'),
  SIMULATOR_UNKNOWN: spec(
    'request',
    'never',
    'no simulator or defect mode of that name exists',
    'take a simulator of docs/architecture.md, and defect modes that an expected.yaml in testplans/ names',
  ),
  TESTBED_UNFIT: spec(
    'testbed',
    'new-run',
    'the testbed was found unfit before the first stimulus',
    'look at the fitness checks of the run',
  ),
  TOOL_MISSING: spec(
    'testbed',
    'never',
    'a tool that the case needs is not on the runner',
    'install it there',
  ),
  CASE_OUTCOME_UNDECIDED: spec(
    'harness',
    'never',
    'all of ours worked and the evidence proves neither',
    'look at the evidence',
  ),
  RUNNER_LOST: spec(
    'testbed',
    'new-run',
    'the runner went silent and did not come back within its grace',
    'check the runner and its line',
  ),
  RUNNER_RESTARTED: spec(
    'testbed',
    'new-run',
    'the runner process died and came back in the middle of a run',
    'look at the log of the runner',
  ),
  RUNNER_OFFLINE: spec('testbed', 'wait', 'no runner of the testbed is attached', 'start the runner'),
  RUNNER_BUSY: spec(
    'testbed',
    'wait',
    'the runner declined because all its slots are taken',
    'nothing: it is tried again',
  ),
  RUNNER_DECLINED: spec('testbed', 'new-run', 'the runner declined the run', 'look at the reason it gave'),
  NO_PROGRESS: spec(
    'testbed',
    'new-run',
    'the run was silent for longer than allowed',
    'look at the last step',
  ),
  RUN_TIMEOUT: spec(
    'testbed',
    'new-run',
    'the run stayed in one state beyond its deadline',
    'look at the log of the run',
  ),
  TEARDOWN_FAILED: spec(
    'testbed',
    'never',
    'the testbed could not be put back, so its slot is quarantined',
    'clean up by hand, then `patchbay testbed release`',
  ),
  // --- leases
  LEASE_LOST: spec(
    'testbed',
    'new-run',
    'the lease ended while the run was still going',
    'look at the runner',
  ),
  STALE_FENCE: spec(
    'testbed',
    'never',
    'a message carried the fence number of an older lease and was refused',
    'nothing: the newer lease is protected',
  ),
  RESOURCE_BUSY: spec(
    'testbed',
    'wait',
    'something the run needs is held by another run',
    'wait, or free what is named',
  ),
  SLOT_QUARANTINED: spec(
    'testbed',
    'wait',
    'every free slot is quarantined',
    '`patchbay testbed release` after cleaning up',
  ),
  TESTBED_DRAINING: spec('testbed', 'wait', 'the testbed takes no new runs', '`patchbay testbed resume`'),
  EQUIPMENT_INCOMPATIBLE: spec(
    'request',
    'never',
    'the products that should meet cannot work together, by what is known of them beforehand',
    'look at `patchbay equipment compare`; choose other products or versions, or correct the claims',
  ),
  CONSTRAINTS_CONTRADICT: spec(
    'request',
    'never',
    'the constraints leave no combination of products and options that could be run',
    'drop or correct one of the constraints that are named',
  ),
  E2AP_VERSION_MISMATCH: spec(
    'request',
    'never',
    'two products have different versions of E2AP',
    'bring both to one version',
  ),
  SERVICE_MODEL_MISSING: spec(
    'request',
    'never',
    'a service model is on one side of E2 only',
    'choose cases that do without it, or another product',
  ),
  SERVICE_MODEL_OID_MISMATCH: spec(
    'request',
    'never',
    'a service model has different object identifiers on the two sides of E2',
    'configure one of them to use the number of the other',
  ),
  SERVICE_MODEL_VERSION_MISMATCH: spec(
    'request',
    'never',
    'a service model has different major versions on the two sides of E2',
    'bring both to one version',
  ),
  KPM_TIME_STAMP_MISMATCH: spec(
    'request',
    'never',
    'the time stamp in the header of E2SM-KPM has 4 octets on one side and 8 on the other',
    'bring both to one version of E2SM-KPM: v02 has 4 octets, v03.00 and later have 8',
  ),
  STYLE_MISSING: spec(
    'request',
    'never',
    'styles of a service model are on one side of E2 only',
    'choose cases that do without them, or another product',
  ),
  FUNCTION_DEFINITION_UNREADABLE: spec(
    'product',
    'never',
    'a RAN function definition in a capture is no encoding of its service model',
    'show the octets to the vendor of the E2 node',
  ),
  TRANSPORT_MISMATCH: spec(
    'request',
    'never',
    'two products carry SCTP in different ways: on IP, or inside UDP',
    'configure both alike, or put a gateway between them',
  ),
  UDP_PORTS_MISMATCH: spec(
    'request',
    'never',
    'two products encapsulate SCTP with UDP ports that do not fit together',
    'the remote port of each must be the local port of the other',
  ),
  PLMN_MISMATCH: spec(
    'request',
    'never',
    'two products are configured for different networks',
    'configure the same MCC and MNC, with the same number of digits',
  ),
  NODE_ID_LENGTH_MISMATCH: spec(
    'request',
    'never',
    'a RIC does not take a global E2 node ID of the length that the node has',
    'configure the length on one of the two',
  ),
  CLAIM_CONTRADICTED: spec(
    'product',
    'never',
    'a product shows another value than its ICS claims',
    'correct the ICS, or tell the vendor',
  ),
  CAPABILITY_MISSING: spec(
    'testbed',
    'never',
    'no testbed can do what the plan needs',
    'add the capability to a testbed',
  ),
  WINDOW_CLOSED: spec(
    'request',
    'never',
    'the window of the campaign ended first',
    'submit it again with another window',
  ),
  NOT_REACHED: spec('testbed', 'never', 'the run ended before this case began', 'look at why the run ended'),
  // --- planning
  TIMETABLE_IMPOSSIBLE: spec(
    'request',
    'never',
    'no timetable can ever satisfy what is asked for',
    'change what is named: a run, its testbeds, a calendar or a deadline',
  ),
  TIMETABLE_FULL: spec(
    'request',
    'never',
    'no timetable was found that ends before its horizon',
    'plan fewer runs, or for a longer time',
  ),
  PLAN_BROKEN: spec(
    'harness',
    'never',
    'a timetable breaks a rule of its problem',
    'do not use it; report it, with the problem and its seed',
  ),
  // --- wire
  PROTOCOL_VERSION: spec(
    'harness',
    'never',
    'runner and orchestrator have no protocol version in common',
    'update the older one',
  ),
  CERTIFICATE_REVOKED: spec(
    'testbed',
    'never',
    'the certificate of the runner was revoked',
    'enrol the runner again',
  ),
  CERTIFICATE_WRONG_TESTBED: spec(
    'testbed',
    'never',
    'the certificate belongs to another testbed',
    'enrol the runner for this testbed',
  ),
  TOKEN_INVALID: spec(
    'request',
    'never',
    'the enrolment token is unknown, used or expired',
    'ask for a new one',
  ),
  TOO_MANY_ATTEMPTS: spec(
    'request',
    'wait',
    'too many wrong tokens came from one address',
    'wait a minute, then use the right token',
  ),
  TESTBED_TAKEN: spec(
    'testbed',
    'wait',
    'another runner is attached for this testbed',
    'stop or revoke the other runner; a testbed has exactly one',
  ),
  LINE_DOWN: spec(
    'testbed',
    'wait',
    'the line between runner and orchestrator broke',
    'nothing: the runner dials in again',
  ),
  CAPTURE_FAILED: spec(
    'testbed',
    'never',
    'packets cannot be captured on a network device',
    'look at what dumpcap says: whether the device is there, and whether it may',
  ),
  INJECTION_FAILED: spec(
    'testbed',
    'never',
    'packets cannot be put onto a segment of a network',
    'see whether somebody listens where transport.taps of the equipment file says, takes a capture and closes',
  ),
  CAPTURE_INVALID: spec(
    'request',
    'never',
    'a file is no capture (pcap or pcapng), or is damaged',
    'look at the offset that is named; capture it anew, or cut the file there',
  ),
  EVIDENCE_GAP: spec(
    'testbed',
    'new-run',
    'a numbered observation is missing',
    'look at the spool of the runner',
  ),
  EVIDENCE_CORRUPT: spec(
    'harness',
    'never',
    'stored bytes do not have the digest they are named by',
    'restore them from a copy; the report cannot be built without',
  ),
  EVIDENCE_MISSING: spec(
    'testbed',
    'never',
    'evidence that a record refers to never arrived',
    'look at the runner',
  ),
  RECORD_INCONSISTENT: spec(
    'harness',
    'never',
    'a verdict does not follow from its clauses and rule',
    'report it, with the log',
  ),
  REPORT_RENDERING: spec(
    'harness',
    'never',
    'a report cannot be set as pages',
    'report it, with the log; the signed report itself is not concerned',
  ),
  MESSAGE_INVALID: spec(
    'harness',
    'never',
    'a message on the wire is not well-formed',
    'update runner and orchestrator to the same release',
  ),
  // --- store and queue
  STORE_LOCKED: spec(
    'request',
    'never',
    'another process holds the embedded store',
    'stop it, or use its HTTP API',
  ),
  STORE_UNAVAILABLE: spec('harness', 'wait', 'the store does not answer', 'check the database'),
  STORE_FULL: spec('harness', 'wait', 'the disk of the store is full', 'free some space'),
  STORE_TOO_OLD: spec('request', 'never', 'the database server is too old', 'use PostgreSQL 15 or newer'),
  STORE_TOO_NEW: spec('request', 'never', 'the store was written by a newer release', 'use that release'),
  QUEUE_UNAVAILABLE: spec('harness', 'wait', 'the queue does not answer', 'check Redis or the database'),
  // --- keys on tokens
  HSM_MODULE_UNUSABLE: spec(
    'request',
    'never',
    'the PKCS#11 module of a key cannot be loaded',
    'correct `module` in the .pkcs11.json file of the key; it is a shared library of the maker of the token',
  ),
  HSM_TOKEN_MISSING: spec(
    'request',
    'never',
    'the token with a signing key is not there, or went away',
    'plug it in; check its name in the .pkcs11.json file of the key, then start again',
  ),
  HSM_PIN_REFUSED: spec(
    'request',
    'never',
    'the token did not take its PIN, or the PIN could not be read',
    'correct it before the token locks itself; it is never tried twice',
  ),
  HSM_KEY_MISSING: spec(
    'request',
    'never',
    'the token does not have exactly one key pair of the name that was asked for',
    'check label or id in the .pkcs11.json file of the key',
  ),
  HSM_FAILED: spec(
    'request',
    'never',
    'the token did not do what it was asked for',
    'look up the CKR value in the manual of the token',
  ),
  // --- co-signing reports
  COSIGN_FILE_INVALID: spec(
    'request',
    'never',
    'a file of the co-sign protocol cannot be read, or is of another kind or version',
    'check which file it is; get it again',
  ),
  COSIGN_NOT_SIGNATORY: spec(
    'request',
    'never',
    'the report does not name this lab, or this key of it, as a co-signer',
    'check the lab and the key; the lead names its co-signers when the campaign is submitted',
  ),
  COSIGN_NOT_DISCLOSED: spec(
    'request',
    'never',
    'something that the co-signature is to speak for was not disclosed',
    'ask the lead for a request with everything the scope needs; do not sign before',
  ),
  COSIGN_VERDICT: spec(
    'request',
    'never',
    'a finding of the report does not follow from the records that were disclosed',
    'do not sign; tell the lead',
  ),
  COSIGN_FOREIGN_PAYLOAD: spec(
    'request',
    'never',
    'a co-signature is over another report than the one it is to be merged into',
    'check which report the co-signer signed; a revision needs to be signed again',
  ),
  // --- signing and verifying reports
  IMPORT_MALFORMED: spec(
    'request',
    'never',
    'a file of results of another harness cannot be read',
    'export it again in a format that is taken: junit or oran-test-results',
  ),
  REPORT_SUPERSEDED: spec(
    'request',
    'never',
    'a later revision of the report exists; only the latest can be amended or withdrawn',
    'look at the list of reports and name the latest one',
  ),
  REPORT_WITHDRAWN: spec(
    'request',
    'never',
    'the report was withdrawn: it can be replaced, and nothing else',
    'issue a replacement',
  ),
  SIGN_KEY_UNUSABLE: spec(
    'request',
    'never',
    'a signing key is missing, readable by others, expired or not the one that was asked for',
    'look at the key folder of the lab; make new keys if they are lost',
  ),
  VERIFY_TRUST_INVALID: spec(
    'request',
    'never',
    'the folder of trusted keys contradicts itself or cannot be read',
    'get the folder again from somebody you trust',
  ),
  VERIFY_ENVELOPE_TOO_LARGE: spec(
    'request',
    'never',
    'the envelope is larger than any report may be',
    'ask the sender for the report itself',
  ),
  VERIFY_ENVELOPE_MALFORMED: spec(
    'request',
    'never',
    'the file is not a DSSE envelope',
    'check that it is report.dsse.json and complete',
  ),
  VERIFY_UTF8_INVALID: spec('request', 'never', 'the text is not UTF-8', 'get the file again'),
  VERIFY_JSON_INVALID: spec('request', 'never', 'the text is not JSON', 'get the file again'),
  VERIFY_DUPLICATE_MEMBER: spec(
    'request',
    'never',
    'a member occurs twice, so that two readers could understand it differently',
    'do not trust the file; ask the sender how it was made',
  ),
  VERIFY_SURROGATE: spec(
    'request',
    'never',
    'a text has half a surrogate pair, which not every reader keeps',
    'do not trust the file; ask the sender how it was made',
  ),
  VERIFY_NUMBER: spec(
    'request',
    'never',
    'a number is outside of what every reader understands alike',
    'do not trust the file; ask the sender how it was made',
  ),
  VERIFY_BASE64: spec('request', 'never', 'a member of the envelope is not base64', 'get the file again'),
  VERIFY_PAYLOAD_TYPE: spec(
    'request',
    'never',
    'the envelope holds something else than an in-toto statement',
    'check which file it is',
  ),
  VERIFY_TOO_MANY_SIGNATURES: spec(
    'request',
    'never',
    'the envelope has more signatures than any report may have',
    'ask the sender for the report itself',
  ),
  VERIFY_NO_TRUSTED_SIGNATURE: spec(
    'request',
    'never',
    'no signature is by a key of the trust folder: the report was changed, or its lab is not known here',
    'do not rely on the report; check that the trust folder holds the keys of its lab',
  ),
  VERIFY_PREDICATE_TYPE: spec(
    'request',
    'never',
    'the signed statement is not a conformance report of this version',
    'check which file it is; update this program',
  ),
  VERIFY_SCHEMA: spec(
    'request',
    'never',
    'the signed statement does not have the shape of a report',
    'tell the lab that issued it',
  ),
  VERIFY_COUNTS: spec(
    'request',
    'never',
    'the totals of the report are not the totals of its cases',
    'tell the lab that issued it',
  ),
  VERIFY_CASE_REPEATED: spec(
    'request',
    'never',
    'a case number occurs twice in the report',
    'tell the lab that issued it',
  ),
  VERIFY_OUTCOME: spec(
    'request',
    'never',
    'the result of the report does not follow from its cases',
    'tell the lab that issued it',
  ),
  VERIFY_OVERRIDE: spec(
    'request',
    'never',
    'the report overrides findings of the machine in a way that no report may',
    'tell the lab that issued it',
  ),
  VERIFY_TIME_ORDER: spec(
    'request',
    'never',
    'the times of the report contradict each other or the clock here',
    'check the clock of this machine; otherwise tell the lab that issued it',
  ),
  VERIFY_ISSUER_NOT_SIGNATORY: spec(
    'request',
    'never',
    'the lab that issues the report is not listed as its system and its authorised signatory',
    'tell the lab that issued it',
  ),
  VERIFY_SIGNATORY_REPEATED: spec(
    'request',
    'never',
    'two signatories of the report use one key',
    'tell the lab that issued it',
  ),
  VERIFY_SIGNATURE_MISSING: spec(
    'request',
    'never',
    'a signatory named in the report has not signed these bytes',
    'do not rely on the report; ask for it with all its signatures',
  ),
  VERIFY_KEY_UNKNOWN: spec(
    'request',
    'never',
    'a signatory named in the report has a key that is not in the trust folder',
    'get the keys of that lab from a source you trust',
  ),
  VERIFY_KEY_OTHER_LAB: spec(
    'request',
    'never',
    'a signatory uses a key that belongs to another lab',
    'do not rely on the report; tell both labs',
  ),
  VERIFY_KEY_USE: spec(
    'request',
    'never',
    'a key was used in a role it is not meant for',
    'do not rely on the report; tell the lab that issued it',
  ),
  VERIFY_KEY_NOT_VALID: spec(
    'request',
    'never',
    'the report was issued outside of the time in which a key was valid',
    'tell the lab that issued it',
  ),
  VERIFY_KEY_REVOKED: spec(
    'request',
    'never',
    'a key was revoked and nothing but the word of its lab says that the report is older',
    'ask the lab for a report signed anew',
  ),
  VERIFY_LABS_TOO_FEW: spec(
    'request',
    'never',
    'fewer labs have signed than the report itself demands',
    'ask for the report with all its signatures',
  ),
  VERIFY_ROLE_MISSING: spec(
    'request',
    'never',
    'a role that the report itself demands has not signed',
    'ask for the report with all its signatures',
  ),
  VERIFY_COMMITMENT: spec(
    'request',
    'never',
    'a commitment stands where none may stand, or twice',
    'do not rely on the report; tell the lab that issued it',
  ),
  VERIFY_DISCLOSURE_MALFORMED: spec(
    'request',
    'never',
    'the file of disclosures cannot be read',
    'get the file again',
  ),
  VERIFY_DISCLOSURE_REPEATED: spec(
    'request',
    'never',
    'a disclosure occurs twice',
    'ask the sender for a clean file',
  ),
  VERIFY_DISCLOSURE_UNREFERENCED: spec(
    'request',
    'never',
    'a disclosure belongs to nothing in this report',
    'check that the file belongs to this report; ask the sender for a clean one',
  ),
  VERIFY_SUBJECT: spec(
    'request',
    'never',
    'the items disclosed are not the items the signed statement is about',
    'do not rely on the report; tell the lab that issued it',
  ),
  VERIFY_EVIDENCE_INDEX: spec(
    'request',
    'never',
    'the list of evidence that was disclosed is not one',
    'tell the lab that issued it',
  ),
  VERIFY_EVIDENCE_MISSING: spec(
    'request',
    'never',
    'a piece of evidence that the report lists is not in the folder',
    'ask the lab for it, or verify without --evidence',
  ),
  VERIFY_EVIDENCE_CORRUPT: spec(
    'request',
    'never',
    'a piece of evidence is not what the report was made from',
    'do not rely on the file; get it again from the lab',
  ),
  TIMESTAMP_UNAVAILABLE: spec(
    'harness',
    'wait',
    'the time-stamp authority did not give a time-stamp',
    'look at what it says; the report can be stamped later',
  ),
  VERIFY_TIMESTAMP_INVALID: spec(
    'request',
    'never',
    'a time-stamp is malformed or does not verify',
    'get the time-stamps again, or verify without them',
  ),
  VERIFY_TIMESTAMP_UNTRUSTED: spec(
    'request',
    'never',
    'a time-stamp is by an authority that is not trusted here',
    'put its root certificate into tsa/ of the trust folder if you trust it, or verify without time-stamps',
  ),
  VERIFY_TIMESTAMP_UNREFERENCED: spec(
    'request',
    'never',
    'a time-stamp is not over any signature of this report',
    'check that the time-stamps belong to this report',
  ),
  VERIFY_TIMESTAMP_SKEW: spec(
    'request',
    'never',
    'a time-stamp contradicts the time of issue or the clock here',
    'check the clock of this machine; otherwise tell the lab that issued it',
  ),
  VERIFY_WITHDRAWN: spec(
    'request',
    'never',
    'the lab that issued the report has withdrawn it',
    'do not rely on the report; ask the lab for the one that replaces it',
  ),
  VERIFY_SUSPENDED: spec(
    'request',
    'never',
    'a lab that signed the report has suspended it',
    'do not rely on the report until the lab reinstates it; ask the lab',
  ),
  VERIFY_EQUIVOCATION: spec(
    'request',
    'never',
    'a lab has signed two different reports under one campaign, series and revision',
    'rely on neither; keep both files, they prove it',
  ),
  VERIFY_STATUS_MALFORMED: spec(
    'request',
    'never',
    'a status statement does not have the shape of one',
    'check which file it is; get it again',
  ),
  VERIFY_STATUS_SIGNATURE: spec(
    'request',
    'never',
    'a status statement is not signed by the system and the authorised signatory of a lab that may make it',
    'do not rely on the report until the lab has said whether the statement is its own',
  ),
  VERIFY_STATUS_OTHER_REPORT: spec(
    'request',
    'never',
    'a status statement is about another report',
    'give only the statements of this report',
  ),
  VERIFY_STATUS_ORDER: spec(
    'request',
    'never',
    'the status statements contradict each other',
    'ask the lab for all its statements about the report',
  ),
  // --- messages in ASN.1
  ASN1_INVALID: spec(
    'request',
    'never',
    'an ASN.1 module has a mistake, or says something that this compiler does not know',
    'correct the place that is named; leave out what is not supported',
  ),
  PER_INVALID: spec(
    'product',
    'never',
    'bytes are not an encoding (ITU-T X.691) of the type that was expected',
    'look at the bytes at the place that is named, with the path of the member',
  ),
  PER_VALUE_INVALID: spec(
    'harness',
    'never',
    'a value does not belong to the ASN.1 type it should be encoded as',
    'correct the value at the path that is named',
  ),
} as const satisfies Record<string, CodeSpec>;

export type Code = keyof typeof CODES;

// One row of the table above: the columns stand in the order of CodeSpec.
// eslint-disable-next-line max-params -- a table row reads best as a row
function spec(fault: Fault, retry: CodeSpec['retry'], means: string, remedy: string): CodeSpec {
  return { fault, retry, means, remedy };
}

export function isCode(value: string): value is Code {
  return Object.hasOwn(CODES, value);
}
