// What `counter status` tells of a cluster, piece by piece.

/** A container, a process, or a node or a task of a swarm. */
export type Part = { readonly name: string; readonly state: string; readonly addresses: readonly string[] };
