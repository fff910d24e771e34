/** What the caller of a bench has asked for makes no sense: one line and exit code 2. */
export class WrongUse extends Error {}
