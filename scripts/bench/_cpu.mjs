/** CPU time of this process so far, in milliseconds: budgets in it do not depend on what else the machine does. */
export function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
