// What a replica may be called.

/** Valid names of a replica: sent in a header, and as one word in the messages of the channel `hits`. */
export const IS_NAME = /^[\w.-]{1,64}$/;
