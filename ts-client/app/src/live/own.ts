/** The server's own queue: its runs over many tasks, and the deliveries of webhooks. Lists and streams of all leave it out. */
export const OWN_QUEUE = 'milepost';
