/** Brings the database to this version. */
export async function migrate(): Promise<void> {}
