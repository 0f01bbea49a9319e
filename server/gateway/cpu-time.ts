/** Since Node 23.9. */
type ThreadUsage = {
  readonly threadCpuUsage?: () => { readonly user: number; readonly system: number };
};

/** Processor time in milliseconds: of this thread where Node can tell, else of the process. */
export const cpuNow: () => number = (() => {
  const usage =
    (process as ThreadUsage).threadCpuUsage?.bind(process) ?? process.cpuUsage.bind(process);
  return () => {
    const { user, system } = usage();
    return (user + system) / 1000;
  };
})();
