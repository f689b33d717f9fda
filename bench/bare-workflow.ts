/** What opening a case is compared with. */
export async function emptyWorkflow(): Promise<void> {}
