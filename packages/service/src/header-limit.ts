// The size of request headers, on which a proxy and the replicas behind it must agree: what one accepts, the next takes.

/** The most that the proxy can be told to accept, in bytes. */
export const MAX_ACCEPTED_HEADER_BYTES = 2 ** 20;

/**
 * What a replica takes: that, and what proxies put on, such as the host once more and a list of addresses. A replica is
 * reached from inside only, so that it need not be sparing.
 */
export const MAX_REPLICA_HEADER_BYTES = MAX_ACCEPTED_HEADER_BYTES + 16_384;
